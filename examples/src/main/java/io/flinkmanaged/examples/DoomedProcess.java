package io.flinkmanaged.examples;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.JobExecutionResult;

/**
 * Operates the cluster with its job in a process of its own, until it is killed. Says on its standard output how far the
 * flights are.
 */
final class DoomedProcess {

    /** Begins a line that says, each second, how many flights have passed. */
    static final String AT = "at ";

    /** Begins the line that says that enough flights have passed. */
    static final String ENOUGH = "enough ";

    private DoomedProcess() {}

    /** Arguments: directory of the workspace, flights a second, how many flights are enough, seconds to live at most. */
    public static void main(String[] args) throws Exception {
        endWithItsParent();
        Workspace workspace = Workspace.of(Path.of(args[0]));
        Duration atMost = Duration.ofSeconds(Long.parseLong(args[3]));
        try (ManagedFlink flink = ManagedFlink.configure()
                        .journal(workspace.journal())
                        .workingDirectory(workspace.temporary())
                        .inProcess();
                ManagedCluster cluster = flink.operate(ClusterSpec.fromYaml(Files.readString(workspace.spec())))) {
            cluster.awaitHealthy(FlightsCluster.SLACK);
            ManagedJob job =
                    FlightsCluster.submit(cluster, workspace.input(), workspace.parts(), Double.parseDouble(args[1]));
            try (FlightProgress progress =
                    FlightProgress.of(job, Long.parseLong(args[2]), passed -> System.out.println(AT + passed))) {
                System.out.println(ENOUGH + progress.awaitEnough(atMost));
                JobExecutionResult unused = job.awaitFinished(atMost);
            }
        }
    }

    private static void endWithItsParent() {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // Nobody writes; the end of the stream is what is awaited.
                        }
                    } catch (IOException e) {
                        // As good as the end.
                    }
                    Runtime.getRuntime().halt(1);
                },
                "parent");
        watch.setDaemon(true);
        watch.start();
    }
}
