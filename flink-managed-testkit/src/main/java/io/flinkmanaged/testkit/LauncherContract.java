package io.flinkmanaged.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.flink.BoundEnvironment;
import io.flinkmanaged.flink.CapturedJob;
import io.flinkmanaged.internal.Polling;
import io.flinkmanaged.job.UserJars;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.JobSubmission;
import io.flinkmanaged.launch.LaunchOrder;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.LostProcess;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.launch.TaskManagerObservation;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plan;
import io.flinkmanaged.spec.Plans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a supervisor relies on, whichever way clusters are run: what was launched answers with every TaskManager, a death is
 * seen and says so, what flows through a job is told, what is put back is registered, a job goes on from its checkpoint with nothing lost, a submission is
 * taken once, and what is confirmed dead is dead. The test of a launcher extends this class.
 */
public abstract class LauncherContract {

    private static final Duration AT_MOST = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration CHECKPOINTS_EVERY = Duration.ofMillis(200);
    /** Flink's default makes everybody wait for ten seconds and more. */
    private static final Duration FLOW_TOLD_EVERY = Duration.ofMillis(500);

    private static final int SLOTS = 2;
    /** How many numbers the contract's job counts a second. */
    protected static final double PER_SECOND = 400;

    private static final JobID JOB_ID = new JobID(4711, 1);
    private static final NodeId NODE = new NodeId(1);

    @TempDir
    private Path directory;

    @AutoClose
    private final SystemTimeSource systemTime = new SystemTimeSource();

    private final AtomicInteger changes = new AtomicInteger();

    /** For the launcher's test. */
    protected LauncherContract() {}

    /**
     * Returns the launcher; the contract closes it.
     *
     * @param home a directory for whatever it keeps
     * @param time for its time and threads
     */
    protected abstract ClusterLauncher launcher(Path home, TimeSource time);

    /** Returns the time in which clusters run and the contract waits; by default this machine's. Closed by its owner. */
    protected TimeSource time() {
        return systemTime;
    }

    /**
     * Returns what the job has counted of {@link CountingJob}'s numbers, by key: a launcher that runs the job's code has it
     * tell so in files. One that runs no user's code says what its own job of the name {@code counting} counted.
     *
     * @param directory where the job's code tells its counts
     * @throws IOException if they cannot be read
     */
    protected Map<Long, Long> counts(Path directory) throws IOException {
        return CountingJob.counts(directory);
    }

    /**
     * Returns how many numbers the contract's job counts: by default 30 seconds' worth, so that it is not at its end before
     * the last loss is healed. A launcher that heals sooner may do with fewer.
     */
    protected long numbers() {
        return 12_000;
    }

    /** Returns how many nodes a cluster has. */
    protected abstract int nodes();

    @Test
    void aClusterLivesThroughTheLossOfEachOfItsParts() throws Exception {
        try (ClusterLauncher launcher = launcher(directory.resolve("home"), time());
                UserJars jars = new UserJars(directory.resolve("jars"))) {
            assertThat(launcher.name()).isNotBlank();
            LaunchedCluster cluster = launcher.launch(order(1), changes::incrementAndGet);
            try {
                isWhole(cluster);
                JobSubmission job = counting(jars);
                get(cluster.jobs().submit(job));
                get(cluster.jobs().submit(job));
                assertThat(cluster.observe().jobs()).hasSize(1);
                awaitCheckpoints(cluster);
                awaitFlow(cluster);

                losesATaskManager(cluster);
                awaitCheckpoints(cluster);
                cluster = losesTheJobManager(launcher, cluster, job);

                JobEnd end = get(cluster.jobs().whenEnded(JOB_ID));
                assertThat(end.status()).isEqualTo(JobStatus.FINISHED);
                assertThat(counts(counts())).isEqualTo(CountingJob.expected(numbers()));
                isWhole(cluster);
            } finally {
                assertThat(cluster.stop()).isEqualTo(StopConfirmation.CONFIRMED);
            }
            assertThat(cluster.observe().liveness()).isEqualTo(Liveness.DEAD);
            assertThat(cluster.stop()).isEqualTo(StopConfirmation.CONFIRMED);
        }
    }

    private void isWhole(LaunchedCluster cluster) throws Exception {
        await(() -> cluster.observe().liveness() == Liveness.ANSWERS);
        ClusterObservation seen = cluster.observe();
        assertThat(seen.lost()).isEmpty();
        assertThat(seen.hung()).isEmpty();
        assertThat(seen.silent()).isEmpty();
        assertThat(seen.cutOff()).isEmpty();
        assertThat(seen.taskManagers())
                .hasSize(nodes())
                .allMatch(taskManager -> taskManager.death().isEmpty());
        assertThat(cluster.effectiveConfiguration().taskManagers())
                .hasSize(nodes())
                .allSatisfy((name, keys) ->
                        assertThat(keys).containsEntry("taskmanager.numberOfTaskSlots", Integer.toString(SLOTS)));
    }

    private void losesATaskManager(LaunchedCluster cluster) throws Exception {
        int before = changes.get();
        cluster.killTaskManager(NODE);
        await(() -> death(cluster).isPresent());
        await(() -> changes.get() > before);
        String successor = cluster.replaceTaskManager(NODE);
        assertThat(cluster.taskManagers()).anySatisfy(taskManager -> {
            assertThat(taskManager.resourceId()).isEqualTo(successor);
            assertThat(taskManager.death()).isEmpty();
        });
        awaitRunning(cluster);
    }

    private static Optional<TaskManagerObservation.Death> death(LaunchedCluster cluster) {
        return cluster.taskManagers().stream()
                .filter(taskManager -> taskManager.node().equals(NODE))
                .findFirst()
                .orElseThrow()
                .death();
    }

    /** Either another one takes the job over, or all is dead and another epoch continues it from its checkpoint. */
    private LaunchedCluster losesTheJobManager(ClusterLauncher launcher, LaunchedCluster cluster, JobSubmission job)
            throws Exception {
        cluster.killJobManager();
        await(() -> cluster.observe().liveness() == Liveness.DEAD
                || !cluster.observe().lost().isEmpty());
        if (cluster.observe().liveness() != Liveness.DEAD) {
            for (LostProcess lost : cluster.observe().lost()) {
                cluster.restart(lost.node(), lost.kind());
            }
            awaitRunning(cluster);
            return cluster;
        }
        assertThat(cluster.stop()).isEqualTo(StopConfirmation.CONFIRMED);
        LaunchedCluster next = launcher.launch(order(2), changes::incrementAndGet);
        get(next.jobs()
                .submit(new JobSubmission(
                        job.jobId(),
                        job.name(),
                        job.plan(),
                        job.configuration(),
                        job.jars(),
                        job.onFlinkClassPath(),
                        Optional.of(newestCheckpoint()))));
        return next;
    }

    private void awaitCheckpoints(LaunchedCluster cluster) throws Exception {
        long before = get(cluster.jobs().progress(JOB_ID)).completedCheckpoints();
        await(() -> cluster.jobs()
                .progress(JOB_ID)
                .handle((now, failure) -> now != null && now.completedCheckpoints() >= before + 2)
                .join());
    }

    private void awaitFlow(LaunchedCluster cluster) throws Exception {
        await(() -> cluster.observe().jobs().stream()
                .flatMap(job -> job.flow().stream())
                .anyMatch(flow -> flow.recordsRead() > 0 && flow.recordsWritten() > 0));
    }

    private void awaitRunning(LaunchedCluster cluster) throws Exception {
        await(() -> cluster.observe().jobs().stream().anyMatch(JobObservation::allTasksRun));
    }

    private JobSubmission counting(UserJars jars) throws Exception {
        CompletableFuture<CapturedJob> captured = new CompletableFuture<>();
        Configuration every = new Configuration().set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINTS_EVERY);
        StreamExecutionEnvironment environment =
                BoundEnvironment.create(every, false, getClass().getClassLoader(), job -> {
                    captured.complete(job);
                    return CompletableFuture.failedFuture(new IllegalStateException("It is submitted later."));
                });
        Files.createDirectories(counts());
        try {
            // Every slot, so that data crosses from each node to each other.
            CountingJob.define(environment.setParallelism(SLOTS * nodes()), counts(), numbers(), PER_SECOND);
        } catch (Exception e) {
            assertThat(captured).as("%s", e).isDone();
        }
        CapturedJob job = get(captured);
        return new JobSubmission(
                JOB_ID,
                new JobName("counting"),
                job.plan(),
                Map.of(
                        "execution.checkpointing.dir",
                        state().toUri().toString(),
                        "execution.checkpointing.interval",
                        "200 ms"),
                jars.of(job.code().sources()),
                job.code().onFlinkClassPath(),
                Optional.empty());
    }

    private String newestCheckpoint() throws IOException {
        try (Stream<Path> all = Files.walk(state())) {
            return all.filter(path -> path.endsWith("_metadata"))
                    .map(Path::getParent)
                    .max(Comparator.comparingLong(
                            path -> Long.parseLong(path.getFileName().toString().substring("chk-".length()))))
                    .orElseThrow()
                    .toUri()
                    .toString();
        }
    }

    private Path state() {
        return directory.resolve("state");
    }

    private Path counts() {
        return directory.resolve("counts");
    }

    private LaunchOrder order(int epoch) {
        ClusterSpec spec = ClusterSpec.named("contract")
                .plan(nodes() == 1 ? Plans.TINY : Plan.custom("contract", nodes(), MemorySize.ofMebiBytes(1024), 1))
                .taskSlots(SLOTS)
                .override(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, FLOW_TOLD_EVERY)
                .build();
        return new LaunchOrder(
                spec,
                new Epoch(epoch),
                directory.resolve("epoch-" + epoch),
                directory.resolve("ha").toUri().toString(),
                List.of(),
                Optional::empty);
    }

    private void await(BooleanSupplier condition) throws Exception {
        Void unused = get(Polling.until(
                time(),
                PAUSE,
                AT_MOST,
                // A question to a cluster blocks, which the time source's own thread must not.
                () -> CompletableFuture.supplyAsync(condition::getAsBoolean, time().blocking())));
    }

    private <T> T get(CompletableFuture<T> future) throws Exception {
        assertThat(time().await(future, AT_MOST)).as("an answer in time").isTrue();
        return future.get();
    }
}
