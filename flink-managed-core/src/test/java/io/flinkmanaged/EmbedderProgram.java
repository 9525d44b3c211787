package io.flinkmanaged;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An embedding process: operates a cluster with a job until it is killed. */
final class EmbedderProgram {

    /** The line that says that the program is where it was to be. */
    static final String RUNNING = "RUNNING";

    static final String JOB = "outlives its embedder";
    static final long NUMBERS = 1600;
    private static final double PER_SECOND = 500;
    private static final int NODES = 6;

    private EmbedderProgram() {}

    /**
     * Arguments: the directories of the journal, of the state, of the job's output, and of temporary files; how many numbers
     * the job counts and how many of them a second; and, if nodes are to be processes, their directory.
     */
    public static void main(String[] arguments) {
        Path storage = Path.of(arguments[1]);
        Path output = Path.of(arguments[2]);
        long numbers = Long.parseLong(arguments[4]);
        double perSecond = Double.parseDouble(arguments[5]);
        ManagedFlinkBuilder builder = ManagedFlink.configure()
                .journal(Path.of(arguments[0]))
                .workingDirectory(Path.of(arguments[3]))
                .withoutClassSharing()
                .withoutStandbys();
        boolean processes = arguments.length > NODES;
        ManagedFlink flink = processes ? builder.processes(Path.of(arguments[NODES])) : builder.inProcess();
        ManagedCluster cluster = flink.operate(processes ? specOfProcesses(storage) : spec(storage));
        cluster.awaitHealthy(TestClusters.PATIENCE.multipliedBy(2));
        ManagedJob job =
                cluster.submit(JOB, environment -> Counting.defineWithFiles(environment, output, numbers, perSecond));
        job.awaitRunning(TestClusters.PATIENCE);
        System.out.println(RUNNING);
        // It does not end by itself: what comes next is SIGKILL.
        job.awaitFinished(TestClusters.PATIENCE);
    }

    static ClusterSpec spec(Path storage) {
        return TestClusters.spec("operated", storage);
    }

    /** Of a plan in which processes stand by, though there are no class-data archives. */
    static ClusterSpec specOfProcesses(Path storage) {
        return TestClusters.spec("operated", Plans.SINGLE_NODE_4GB, storage);
    }

    /** Starts the program in a JVM of its own. */
    static Process start(Path journal, Path storage, Path output, Path work) throws IOException {
        return start(List.of(
                journal.toString(),
                storage.toString(),
                output.toString(),
                work.toString(),
                Long.toString(NUMBERS),
                Double.toString(PER_SECOND)));
    }

    /** Starts the program with other arguments, in a JVM of its own. */
    static Process start(List<String> arguments) throws IOException {
        return start(EmbedderProgram.class, arguments);
    }

    /** Starts a program in a JVM of its own. */
    static Process start(Class<?> program, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Kills the process without a chance to clean up, and waits for its death. */
    static void kill(Process process) throws InterruptedException {
        Optional<ProcessHandle> handle = Optional.of(process.toHandle());
        handle.ifPresent(ProcessHandle::destroyForcibly);
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The process did not die: " + process.pid());
        }
    }

    /** Waits for the line {@link #RUNNING}. */
    static void awaitRunning(Process process) throws IOException {
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        StringBuilder seen = new StringBuilder();
        for (String next = out.readLine(); next != null; next = out.readLine()) {
            if (next.equals(RUNNING)) {
                return;
            }
            seen.append(next).append('\n');
        }
        throw new AssertionError("The process ended without \"" + RUNNING + "\":\n" + seen);
    }

    static long completedCheckpoints(Path storage) throws IOException {
        try (Stream<Path> files = Files.walk(storage)) {
            return files.filter(file -> file.endsWith("_metadata")).count();
        }
    }
}
