package io.flinkmanaged;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.awaitility.core.ConditionTimeoutException;

/** Launches, runs a job and closes, twenty times, and says what the last fifteen left behind. */
final class CyclesProgram {

    private CyclesProgram() {}

    /** Argument: a directory for the state. */
    public static void main(String[] arguments) throws Exception {
        Path storage = Path.of(arguments[0]);
        Footprint afterFive = null;
        for (int cycle = 1; cycle <= 20; cycle++) {
            launchRunAndClose(storage, cycle);
            if (cycle == 5) {
                afterFive = Footprint.taken();
            }
        }
        Footprint expected = Objects.requireNonNull(afterFive);
        try {
            await().atMost(TestClusters.PATIENCE)
                    .until(() -> Footprint.taken().exceeding(expected).isEmpty());
        } catch (ConditionTimeoutException e) {
            Footprint.taken().exceeding(expected).forEach(growth -> System.out.println("GROWTH " + growth));
        }
        Footprint last = Footprint.taken();
        last.threads().forEach(thread -> System.out.println("THREAD " + thread));
        last.shutdownHooks().forEach(hook -> System.out.println("HOOK " + hook));
        System.out.println("DONE");
    }

    /** Starts the program in a JVM of its own, with a temporary directory of its own. */
    static Process start(Path storage, Path temporary) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Djava.io.tmpdir=" + temporary,
                        // The shutdown hooks are java.lang's own affair.
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CyclesProgram.class.getName(),
                        storage.toString()))
                .redirectErrorStream(true)
                .start();
    }

    private static void launchRunAndClose(Path storage, int cycle) {
        try (ManagedFlink flink = ManagedFlink.inProcess();
                ManagedCluster cluster = flink.launch(TestClusters.spec("cycle", storage))) {
            cluster.submit("job " + cycle, environment -> Counting.define(environment, "cycle", 40, 4000))
                    .awaitFinished(TestClusters.PATIENCE);
        }
    }
}
