package io.flinkmanaged.testkit.simulation;

/** Where no other JobManager takes over. */
class SimulatedLauncherOfOneNodeTest extends SimulatedLauncherTest {

    @Override
    protected int nodes() {
        return 1;
    }
}
