package io.flinkmanaged.testkit;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedFlinkBuilder;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.storage.file.FileStorage;
import io.flinkmanaged.testkit.ClusterTest.Launcher;
import io.flinkmanaged.testkit.proof.ExactlyOnceProof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * A running cluster with all that a test is given, and its directory. Used by one test at a time; closed once, by JUnit.
 */
final class ClusterFixture implements AutoCloseable {

    private static final Duration CHECKPOINTS_EVERY = Duration.ofMillis(200);
    /** A process of a loaded machine takes its time to come back after the test before. */
    private static final Duration HEALTHY_WITHIN = Duration.ofMinutes(2);
    /** What {@code ClusterName} takes. */
    private static final int LONGEST_NAME = 63;

    private final Path directory;
    private final EventDiary diary = new EventDiary();
    private final TearDown opened = new TearDown();
    private final AtomicInteger proofs = new AtomicInteger();
    private final ManagedFlink flink;
    private final ManagedCluster cluster;
    private final Faults faults;
    /** The names of jobs that ran when a test began. */
    private Set<String> kept = Set.of();
    /** The names of jobs of the test that ran last. */
    private Set<String> leftBehind = Set.of();

    private ClusterFixture(ClusterTest wanted, Class<?> testClass) {
        directory = temporaryDirectory();
        opened.add(() -> Directories.deleteTree(directory));
        try {
            ClusterSpec spec = spec(wanted, testClass);
            flink = flink(wanted.launcher());
            opened.add(flink);
            cluster = flink.launch(spec);
            opened.add(cluster);
            faults = Faults.on(cluster, diary);
            opened.add(faults);
        } catch (RuntimeException e) {
            e.addSuppressed(ClusterDiagnostics.ofStart(diary, directory));
            opened.after(e);
            throw e;
        }
    }

    /** Starts a cluster; if it cannot be started, nothing of it is left. */
    static ClusterFixture start(ClusterTest wanted, Class<?> testClass) {
        return new ClusterFixture(wanted, testClass);
    }

    private ManagedFlink flink(Launcher launcher) {
        ManagedFlinkBuilder builder =
                ManagedFlink.configure().listener(diary).workingDirectory(directory.resolve("work"));
        if (launcher == Launcher.IN_PROCESS) {
            return builder.inProcess();
        }
        opened.add(() -> Leftovers.end(directory));
        return builder.withoutClassSharing().withoutStandbys().processes(directory.resolve("processes"));
    }

    private ClusterSpec spec(ClusterTest wanted, Class<?> testClass) {
        ClusterSpec.Builder defaults = ClusterSpec.named(nameOf(testClass))
                .plan(wanted.plan().plan())
                .taskSlots(wanted.taskSlots())
                .checkpoints(Checkpointing.every(CHECKPOINTS_EVERY).to(FileStorage.at(directory.resolve("state"))));
        return ReflectionSupport.newInstance(wanted.spec()).spec(defaults);
    }

    /** Returns {@code orders-test} for {@code OrdersTest}. */
    static String nameOf(Class<?> testClass) {
        String words = testClass
                .getSimpleName()
                .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-");
        String name = words.matches("[a-z].*") ? words : "test" + words;
        return name.substring(0, Math.min(LONGEST_NAME, name.length())).replaceAll("-+$", "");
    }

    ManagedFlink flink() {
        return flink;
    }

    ManagedCluster cluster() {
        return cluster;
    }

    Faults faults() {
        return faults;
    }

    EventDiary diary() {
        return diary;
    }

    Path directory() {
        return directory;
    }

    ExactlyOnceProof newProof() {
        return ExactlyOnceProof.in(directory.resolve("proof-" + proofs.incrementAndGet()));
    }

    /** Each test finds the cluster healthy, and its slots as free as the first one did. */
    void beforeTest() {
        cluster.awaitHealthy(HEALTHY_WITHIN);
        living().stream().filter(leftBehind::contains).forEach(this::end);
        leftBehind = Set.of();
        kept = living();
    }

    private void end(String job) {
        ManagedJob left = cluster.job(job).orElseThrow();
        try {
            left.cancel();
        } catch (ManagedFlinkException e) {
            // It may just have ended by itself.
            if (!left.status().isGloballyTerminalState()) {
                throw e;
            }
        }
    }

    private Set<String> living() {
        return cluster.observe().jobs().stream()
                .filter(job -> !job.status().isGloballyTerminalState())
                .map(JobObservation::name)
                .collect(Collectors.toSet());
    }

    /** Asks nobody: the test may have left a cluster that does not answer. */
    void afterTest() {
        leftBehind = cluster.jobs().stream()
                .map(ManagedJob::name)
                .filter(name -> !kept.contains(name))
                .collect(Collectors.toSet());
    }

    @Override
    public void close() throws Exception {
        opened.run();
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("cluster-test-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
