package io.flinkmanaged.testkit;

import org.junit.jupiter.api.Tag;

/** As one node, with a leader and two that stand by. */
@Tag("slow")
class LauncherOfThreeNodesTest extends LauncherOfOneNodeTest {

    @Override
    protected int nodes() {
        return 3;
    }
}
