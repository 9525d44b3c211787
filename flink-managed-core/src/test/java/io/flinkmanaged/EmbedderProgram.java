package io.flinkmanaged;

import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An embedding process: operates a cluster with a job until it is killed. */
final class EmbedderProgram {

    static final String JOB = "outlives its embedder";
    static final long NUMBERS = 1600;

    private EmbedderProgram() {}

    /** Arguments: the directories of the journal, of the state, and of the job's output. */
    public static void main(String[] arguments) {
        Path journal = Path.of(arguments[0]);
        Path storage = Path.of(arguments[1]);
        Path output = Path.of(arguments[2]);
        ManagedFlink flink = ManagedFlink.configure().journal(journal).inProcess();
        ManagedCluster cluster = flink.operate(spec(storage));
        cluster.awaitHealthy(TestClusters.PATIENCE);
        ManagedJob job =
                cluster.submit(JOB, environment -> Counting.defineWithFiles(environment, output, NUMBERS, 500));
        job.awaitRunning(TestClusters.PATIENCE);
        System.out.println("RUNNING");
        // It does not end by itself: what comes next is SIGKILL.
        job.awaitFinished(TestClusters.PATIENCE);
    }

    static ClusterSpec spec(Path storage) {
        return TestClusters.spec("operated", storage);
    }

    /** Starts the program in a JVM of its own. */
    static Process start(Path journal, Path storage, Path output) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmbedderProgram.class.getName(),
                        journal.toString(),
                        storage.toString(),
                        output.toString()))
                .redirectErrorStream(true)
                .start();
    }

    /** Kills the process without a chance to clean up, and waits for its death. */
    static void kill(Process process) throws InterruptedException {
        Optional<ProcessHandle> handle = Optional.of(process.toHandle());
        handle.ifPresent(ProcessHandle::destroyForcibly);
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The process did not die: " + process.pid());
        }
    }
}
