package io.flinkmanaged;

import static org.awaitility.Awaitility.await;

import io.flinkmanaged.change.Acknowledgement;
import io.flinkmanaged.journal.Journal;
import io.flinkmanaged.journal.JournalRecord;
import io.flinkmanaged.journal.file.FileJournal;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.StateBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An embedding process that dies in the middle of a change to another state backend: when its jobs have been stopped with
 * savepoints, right before or right after the other spec is written to the journal.
 */
final class ChangingProgram {

    static final String JOB = "changes its backend";
    static final long NUMBERS = 2400;
    static final int DIED = 42;

    private ChangingProgram() {}

    /** Arguments: the directories of the journal, of the state, and of the job's output; {@code before} or {@code after}. */
    public static void main(String[] arguments) {
        try {
            change(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]), arguments[3].equals("after"));
        } finally {
            // It did not die where it should have.
            Runtime.getRuntime().halt(1);
        }
    }

    private static void change(Path journal, Path storage, Path output, boolean afterwards) {
        ManagedFlink flink = ManagedFlink.configure()
                .journal(new DeadlyJournal(FileJournal.open(journal), afterwards))
                .inProcess();
        ManagedCluster cluster = flink.operate(spec(storage));
        cluster.awaitHealthy(TestClusters.PATIENCE);
        ManagedJob job = cluster.job(JOB)
                .orElseGet(() -> cluster.submit(
                        JOB, environment -> Counting.defineWithFiles(environment, output, NUMBERS, 500)));
        await().atMost(TestClusters.PATIENCE).until(() -> job.progress().completedCheckpoints() >= 2);
        cluster.apply(cluster.preview(wanted(cluster.spec())), Acknowledgement.DOWNTIME);
    }

    static ClusterSpec spec(Path storage) {
        return TestClusters.spec("half-way", storage);
    }

    static ClusterSpec wanted(ClusterSpec spec) {
        return spec.toBuilder().stateBackend(StateBackend.ROCKSDB).build();
    }

    /** Runs the program in a JVM of its own, to its death. */
    static int run(Path log, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder program = new ProcessBuilder(new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ChangingProgram.class.getName())));
        program.command().addAll(List.of(arguments));
        return program.redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
    }

    /** Ends its process when the other backend is written to it. */
    private record DeadlyJournal(Journal journal, boolean afterwards) implements Journal {

        @Override
        public boolean compareAndSet(String key, long expectedVersion, String text) {
            boolean deadly = text.toLowerCase(Locale.ROOT).contains("rocksdb");
            if (deadly && !afterwards) {
                Runtime.getRuntime().halt(DIED);
            }
            boolean written = journal.compareAndSet(key, expectedVersion, text);
            if (deadly) {
                Runtime.getRuntime().halt(DIED);
            }
            return written;
        }

        @Override
        public Optional<JournalRecord> read(String key) {
            return journal.read(key);
        }

        @Override
        public List<String> list(String prefix) {
            return journal.list(prefix);
        }

        @Override
        public boolean delete(String key, long expectedVersion) {
            return journal.delete(key, expectedVersion);
        }

        @Override
        public void close() {
            journal.close();
        }
    }
}
