package io.flinkmanaged.launch.process;

import io.flinkmanaged.flink.TrainingJob;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.DurableFiles;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.internal.Polling;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.launch.JobSubmission;
import io.flinkmanaged.launch.LaunchOrder;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the class-data archives of a distribution: starts a node of its own in the background, with a priority below
 * everybody else's, has it run a job with checkpoints, and ends it; each of its JVMs then writes down what it had loaded.
 * Takes about a minute of two cores and 1 GiB of memory, once for each distribution and Java version of a home.
 *
 * <p>Nobody waits for it, and nothing depends on it. It runs on one thread of the time source's pool, one at a time on a
 * machine; a failure is logged, and tried again by the next launcher. Thread-safe.
 */
final class ClassTraining implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClassTraining.class);

    private static final Duration WORKED_WITHIN = Duration.ofMinutes(2);
    private static final Duration LOOK_PAUSE = Duration.ofMillis(200);
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(20);
    private static final JobName JOB = new JobName("training");
    private static final JobID TAKEN_OVER = new JobID(0, 1);
    private static final JobID SUBMITTED = new JobID(0, 2);
    private static final NodeId NODE = new NodeId(1);
    private static final long ENOUGH_CHECKPOINTS = 3;

    private final Path place;
    private final Host host;
    private final TimeSource time;
    private @Nullable CompletableFuture<Void> running;
    private boolean closed;

    /**
     * Creates one that has nothing to do yet.
     *
     * @param home the launcher's; its place is {@code training} below
     * @param host where nodes run
     * @param time its time and threads
     */
    ClassTraining(Path home, Host host, TimeSource time) {
        this.place = home.resolve("training");
        this.host = host;
        this.time = time;
    }

    /**
     * Begins, unless it has begun before or the archives are there.
     *
     * @param archives that should be there
     * @param nodes makes a launcher of nodes in a directory, which are started and ended in a manner
     */
    synchronized void begin(ClassArchives archives, Nodes nodes) {
        if (!closed && running == null && !archives.areComplete()) {
            running = CompletableFuture.runAsync(() -> train(archives, nodes), time.blocking());
        }
    }

    private void train(ClassArchives archives, Nodes nodes) {
        Path lock = Directories.create(place.resolveSibling("."))
                .resolve(place.getFileName() + ".lock")
                .normalize();
        try (FileChannel file = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = file.tryLock()) {
            if (held != null) {
                clean();
                try {
                    long began = time.ticks();
                    record(archives, nodes);
                    LOG.info(
                            "JVMs of nodes start from {} from now on; made in {} s.",
                            archives.directory(),
                            Duration.ofNanos(time.ticks() - began).toSeconds());
                } finally {
                    clean();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.info("No class-data archives: JVMs of nodes start as ever, only later. {}", Failures.rootCause(e), e);
        }
    }

    private void record(ClassArchives archives, Nodes nodes) throws Exception {
        ClassArchives made = new ClassArchives(host, Directories.create(place.resolve("archives")));
        ClusterSpec spec = ClusterSpec.named("training").plan(Plans.TINY).build();
        LaunchOrder order = new LaunchOrder(
                        spec,
                        new Epoch(1),
                        place.resolve("unused"),
                        place.resolve("ha").toUri().toString(),
                        List.of(),
                        Optional::empty)
                .endingWithThisJvm();
        try (ProcessLauncher launcher = nodes.in(place, Manner.training(made))) {
            LaunchedCluster node = launcher.launch(order, () -> {});
            StopConfirmation stopped;
            try {
                work(node);
            } finally {
                stopped = node.stop();
            }
            if (!stopped.confirmed() || !made.areComplete()) {
                throw new IOException("Not every process wrote its archive: " + stopped.detail());
            }
        }
        // A JVM believes an archive whose header is whole; after a power failure, the rest need not be.
        DurableFiles.forceTree(made.directory());
        host.move(made.directory(), archives.directory());
    }

    /** What is recorded of the JobManager is one that has taken a job over, and then another one from a client. */
    private void work(LaunchedCluster node) throws Exception {
        JobGateway jobs = node.jobs();
        await(jobs.submit(job(TAKEN_OVER)));
        awaitCheckpoints(jobs, TAKEN_OVER);
        node.killJobManager();
        node.restart(NODE, Kind.JOB_MANAGER);
        awaitCheckpoints(jobs, TAKEN_OVER);
        await(jobs.client(TAKEN_OVER, ClassTraining.class.getClassLoader()).cancel());
        await(jobs.whenEnded(TAKEN_OVER));
        await(jobs.submit(job(SUBMITTED)));
        awaitCheckpoints(jobs, SUBMITTED);
        await(jobs.client(SUBMITTED, ClassTraining.class.getClassLoader()).cancel());
        await(jobs.whenEnded(SUBMITTED));
    }

    private JobSubmission job(JobID id) throws IOException {
        return new JobSubmission(
                id,
                JOB,
                TrainingJob.plan(),
                Map.of(
                        "execution.checkpointing.dir",
                        place.resolve("state").toUri().toString()),
                List.of(),
                true,
                Optional.empty());
    }

    /** Counts from the last restore on. */
    private void awaitCheckpoints(JobGateway jobs, JobID id) throws Exception {
        await(Polling.until(time, LOOK_PAUSE, WORKED_WITHIN, () -> jobs.progress(id)
                .handle((progress, failure) ->
                        progress != null && progress.completedCheckpoints() >= ENOUGH_CHECKPOINTS)));
    }

    private static <T> void await(CompletableFuture<T> future) throws Exception {
        T unused = future.get(WORKED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Who lives there was left by a JVM that died while it trained. */
    private void clean() throws IOException {
        if (!Ending.end(host.find(place), Duration.ZERO).isEmpty()) {
            throw new IOException("Processes below " + place + " do not end.");
        }
        host.delete(place);
    }

    /** Ends one that has begun; what it had made of its archives is gone. */
    @Override
    public void close() {
        CompletableFuture<Void> begun;
        synchronized (this) {
            closed = true;
            begun = running;
        }
        long began = time.ticks();
        while (begun != null && !begun.isDone() && time.ticks() - began < ENDED_WITHIN.toNanos()) {
            try {
                List<HostProcess> unused = Ending.end(host.find(place), Duration.ZERO);
                begun.get(LOOK_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException | IOException e) {
                LOG.debug("Looking again for processes below {}.", place, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Where nodes come from. */
    @FunctionalInterface
    interface Nodes {

        /**
         * Makes a launcher.
         *
         * @param home of its nodes
         * @param manner in which they are started and ended
         */
        ProcessLauncher in(Path home, Manner manner);
    }
}
