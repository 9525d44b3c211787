package io.flinkmanaged;

import java.nio.file.Path;

/** An embedding process that launches a cluster of processes, and is killed before it can close it. */
final class LaunchingProgram {

    private LaunchingProgram() {}

    /** Arguments: the directories of the nodes and of the state. */
    public static void main(String[] arguments) throws Exception {
        try (ManagedFlink flink = ManagedFlink.configure().withoutClassSharing().processes(Path.of(arguments[0]));
                ManagedCluster cluster = flink.launch(TestClusters.spec("launched", Path.of(arguments[1])))) {
            System.out.println(EmbedderProgram.RUNNING);
            // It does not end by itself: what comes next is SIGKILL.
            cluster.awaitHealthy(TestClusters.PATIENCE);
            Thread.currentThread().join();
        }
    }
}
