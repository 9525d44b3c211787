package io.flinkmanaged;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.spec.ClusterSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An embedding process: operates a cluster with a job until it is killed. */
final class EmbedderProgram {

    static final String JOB = "outlives its embedder";
    static final long NUMBERS = 1600;

    private EmbedderProgram() {}

    /** Arguments: the directories of the journal, of the state, of the job's output, and of temporary files. */
    public static void main(String[] arguments) {
        Path journal = Path.of(arguments[0]);
        Path storage = Path.of(arguments[1]);
        Path output = Path.of(arguments[2]);
        ManagedFlink flink = ManagedFlink.configure()
                .journal(journal)
                .workingDirectory(Path.of(arguments[3]))
                .inProcess();
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
    static Process start(Path journal, Path storage, Path output, Path work) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmbedderProgram.class.getName(),
                        journal.toString(),
                        storage.toString(),
                        output.toString(),
                        work.toString()))
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

    /** Waits until every task of its job runs. */
    static void awaitRunning(Process process) throws IOException {
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        StringBuilder seen = new StringBuilder();
        for (String next = out.readLine(); next != null; next = out.readLine()) {
            if (next.equals("RUNNING")) {
                return;
            }
            seen.append(next).append('\n');
        }
        throw new AssertionError("The process ended without \"RUNNING\":\n" + seen);
    }

    static long completedCheckpoints(Path storage) throws IOException {
        try (Stream<Path> files = Files.walk(storage)) {
            return files.filter(file -> file.endsWith("_metadata")).count();
        }
    }
}
