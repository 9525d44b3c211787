package io.flinkmanaged.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.cluster.ClusterServices;
import io.flinkmanaged.cluster.KnownEpochs;
import io.flinkmanaged.cluster.UnreliableStorage;
import io.flinkmanaged.config.Policies;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.flink.CapturedJob;
import io.flinkmanaged.flink.KeptPlan;
import io.flinkmanaged.flink.UserCode;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.job.JobPriority;
import io.flinkmanaged.job.StartingPoint;
import io.flinkmanaged.job.UserJars;
import io.flinkmanaged.journal.InMemoryJournal;
import io.flinkmanaged.launch.ScriptedLauncher;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A cluster of three nodes with real storage and a scripted launcher. */
final class SupervisedCluster implements AutoCloseable {

    final ScriptedLauncher launcher = new ScriptedLauncher();
    final ConcurrentLinkedQueue<ClusterEvent> events = new ConcurrentLinkedQueue<>();
    final Cluster cluster;
    /** Throws when another instance has taken over. */
    volatile Runnable mayAct = () -> {};

    final UnreliableStorage storage;

    SupervisedCluster(Path directory, TimeSource time) {
        this(directory, time, false);
    }

    /** Makes one that continues, if that is wanted, what a former one left in the same directory. */
    SupervisedCluster(Path directory, TimeSource time, boolean continues) {
        storage =
                new UnreliableStorage(StorageProviders.onClassPath().open(FileStorage.at(directory.resolve("state"))));
        cluster = new Cluster(
                ClusterSpec.named("flights").plan(Plans.THREE_NODE_4GB).build(),
                storage,
                new ClusterServices(
                        time,
                        time.blocking(),
                        events::add,
                        launcher,
                        new UserJars(directory),
                        directory.resolve("work"),
                        Policies.NONE,
                        new KnownEpochs(new InMemoryJournal()),
                        () -> mayAct.run()),
                continues);
    }

    /** Submits a job through the lane. */
    CompletableFuture<ClusterJob> submit(String name) {
        return submit(name, JobPriority.NORMAL);
    }

    /** Submits a job of a priority through the lane. */
    CompletableFuture<ClusterJob> submit(String name, JobPriority priority) {
        CapturedJob captured = new CapturedJob(
                name,
                true,
                KeptPlan.of("a plan".getBytes(UTF_8)),
                new UserCode(Set.of(), true, Set.of()),
                Optional.empty());
        return cluster.lane().run(() -> {
            ClusterJob job = cluster.jobs()
                    .reserve(new JobName(name), priority, captured, SupervisedCluster.class.getClassLoader());
            cluster.jobs().submit(job, captured, StartingPoint.asItEnded(), cluster.requireCurrent());
            return job;
        });
    }

    /** Submits a job through the lane, and lets the pool run until it was taken. */
    ClusterJob submitted(String name, ManualTime time) {
        CompletableFuture<ClusterJob> submission = submit(name);
        time.runBlocking();
        return submission.join();
    }

    <E extends ClusterEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Override
    public void close() {
        storage.close();
    }
}
