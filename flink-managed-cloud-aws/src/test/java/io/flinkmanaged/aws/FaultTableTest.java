package io.flinkmanaged.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.Drill;
import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.event.ClusterEvent.ProcessRestarted;
import io.flinkmanaged.event.ClusterEvent.TaskManagerReplaced;
import io.flinkmanaged.job.RecoveryPoint;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.testkit.EmbeddedS3;
import io.flinkmanaged.testkit.S3Fault;
import io.flinkmanaged.testkit.S3Operation;
import io.flinkmanaged.testkit.UnreliableJournal;
import io.flinkmanaged.testkit.proof.ExactlyOnceProof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every fault that a cluster can suffer here, on one cluster of each way of running, with its state in a bucket: it is healed by
 * the right action, and no number is lost or counted twice. Writes {@code target/failover.md}.
 */
@Tag("slow")
class FaultTableTest {

    private static final FaultTable TABLE = new FaultTable();
    private static final Duration OUTAGE = Duration.ofSeconds(60);
    private static final Duration UNWRITABLE = Duration.ofSeconds(20);
    private static final Duration AWHILE = Duration.ofSeconds(5);
    private static final Duration HOUR = Duration.ofHours(1);
    /** One more than the job takes of a single node. */
    private static final int SLOTS = 3;

    private static final int PARALLELISM = 2;
    private static final String PROVED = "proved";

    @TempDir
    private Path directory;

    private final SettableClock clock = new SettableClock();

    @AfterAll
    static void write() throws IOException {
        TABLE.write();
    }

    @ParameterizedTest
    @EnumSource
    void everyFaultIsHealedByTheRightActionWithExactSums(Way way) throws Throwable {
        UnreliableJournal journal = new UnreliableJournal();
        try (EmbeddedS3 s3 = EmbeddedS3.start("of-faults");
                ManagedFlink flink =
                        way.open(ManagedFlink.configure().journal(journal).clock(clock), directory.resolve("nodes"))) {
            sufferOneAfterTheOther(way, flink, s3, journal);
            if (way.hasProcesses()) {
                fillADisk(way, flink, s3);
            }
        }
    }

    private void sufferOneAfterTheOther(Way way, ManagedFlink flink, EmbeddedS3 s3, UnreliableJournal journal)
            throws Throwable {
        ExactlyOnceProof proof = ExactlyOnceProof.in(directory.resolve("proof"));
        ExactlyOnceProof ofDamage = ExactlyOnceProof.in(directory.resolve("proof-of-damage"));
        try (ManagedCluster cluster = flink.launch(spec("suffering", way, s3).build())) {
            Callable<Boolean> prepared = prepared(way);
            ManagedJob job = submit(cluster, "proved", proof);
            Sufferer sufferer = new Sufferer(way, cluster, job, TABLE, clock, prepared);
            loseSingleProcesses(way, sufferer, cluster.drill());
            loseMore(way, sufferer, cluster.drill());
            loseTheMemory(way, sufferer, cluster);
            setTheClock(way, sufferer, cluster.drill());
            loseTheStorage(way, sufferer, cluster.drill(), s3);
            loseEverything(way, sufferer, cluster.drill(), journal);
            job.stopWithSavepoint();
            assertThat(proof).isExactlyOnce();

            ManagedJob damaged = submit(cluster, "damaged", ofDamage);
            loseACheckpoint(way, new Sufferer(way, cluster, damaged, TABLE, clock, prepared), cluster, s3);
            damaged.stopWithSavepoint();
            // What the sink had committed with the damaged checkpoint, it commits again with the next one.
            assertThat(ofDamage.report().missing().count()).isZero();
        }
    }

    /** As it is some minutes after the first launch. */
    private Callable<Boolean> prepared(Way way) {
        Preparations preparations = new Preparations(directory.resolve("nodes/nodes"), way == Way.ONE_NODE ? 2 : 0);
        return way.hasProcesses() ? preparations::areComplete : () -> true;
    }

    private static ManagedJob submit(ManagedCluster cluster, String name, ExactlyOnceProof proof) {
        return cluster.submit(name, environment -> {
            environment.setParallelism(PARALLELISM);
            proof.numbers(environment, 200).map(number -> number).name(PROVED).sinkTo(proof.sink());
            environment.execute();
        });
    }

    private static void loseSingleProcesses(Way way, Sufferer sufferer, Drill drill) throws Throwable {
        oneWithTasks(
                way,
                node -> sufferer.suffers(
                        "TaskManager killed", TaskManagerReplaced.class, () -> drill.killTaskManager(node)));
        sufferer.suffers(
                "leading JobManager killed",
                way.hasProcesses() ? ProcessRestarted.class : EpochStarted.class,
                drill::killJobManager);
        if (way.hasProcesses()) {
            oneWithTasks(
                    way,
                    node -> sufferer.suffers(
                            "TaskManager hangs", TaskManagerReplaced.class, () -> drill.hangTaskManager(node)));
            sufferer.suffers("leading JobManager hangs", ProcessRestarted.class, drill::hangJobManager);
        }
    }

    /** Of three TaskManagers, not all have tasks. */
    private static void oneWithTasks(Way way, LossOfOne loss) throws Throwable {
        int node = 1;
        while (!loss.interrupts(node) && node < way.nodes()) {
            node++;
        }
    }

    private void loseMore(Way way, Sufferer sufferer, Drill drill) throws Throwable {
        switch (way) {
            case IN_PROCESS -> {}
            case ONE_NODE -> {
                sufferer.suffers("ZooKeeper's quorum killed", ProcessRestarted.class, () -> killPeers(List.of(1)));
                sufferer.suffers("node lost", EpochStarted.class, () -> drill.killNode(1));
            }
            case THREE_NODES -> {
                sufferer.suffers(
                        "ZooKeeper's quorum killed", Map.of(ProcessRestarted.class, 2), () -> killPeers(List.of(1, 2)));
                // Its JobManager and its peer of ZooKeeper.
                sufferer.suffers(
                        "node lost",
                        Map.of(TaskManagerReplaced.class, 1, ProcessRestarted.class, 2),
                        () -> drill.killNode(drill.leader()));
            }
        }
    }

    private void loseTheMemory(Way way, Sufferer sufferer, ManagedCluster cluster) throws Throwable {
        if (!way.hasProcesses()) {
            // It is that of this JVM.
            return;
        }
        int free = way.nodes() * SLOTS - PARALLELISM;
        try (GreedyJob greedy = GreedyJob.in(cluster, free, directory.resolve("order"), PROVED)) {
            sufferer.suffers(
                    "TaskManager out of memory, by another job", TaskManagerReplaced.class, greedy::takeAllMemory);
            assertThat(cluster.incidents().get(0).cause()).contains("out of memory");
        }
    }

    private void setTheClock(Way way, Sufferer sufferer, Drill drill) throws Throwable {
        sufferer.bears("clock set an hour ahead, and two hours back", () -> {
            clock.setAhead(HOUR);
            pass(AWHILE);
            clock.setAhead(HOUR.negated());
        });
        for (Duration ahead : List.of(HOUR, HOUR.negated())) {
            clock.setAhead(Duration.ZERO);
            oneWithTasks(
                    way,
                    node -> sufferer.suffers(
                            "TaskManager killed, the clock set " + (ahead.isNegative() ? "back" : "ahead")
                                    + " by an hour",
                            TaskManagerReplaced.class,
                            () -> {
                                clock.setAhead(ahead);
                                drill.killTaskManager(node);
                            }));
        }
        clock.setAhead(Duration.ZERO);
    }

    private static void loseTheStorage(Way way, Sufferer sufferer, Drill drill, EmbeddedS3 s3) throws Throwable {
        sufferer.bears("storage away for 60 s", () -> {
            s3.inject(S3Fault.reset());
            pass(OUTAGE);
            s3.heal();
        });
        oneWithTasks(
                way,
                node -> sufferer.suffers(
                        "TaskManager killed while the storage is away for 60 s", TaskManagerReplaced.class, () -> {
                            s3.inject(S3Fault.reset());
                            drill.killTaskManager(node);
                            pass(OUTAGE);
                            s3.heal();
                        }));
    }

    /** In a new epoch of three nodes, the two JobManagers that jobs do not need are put back when they run. */
    private static Map<Class<? extends ClusterEvent>, Integer> anotherEpoch(Way way) {
        return way == Way.THREE_NODES
                ? Map.of(EpochStarted.class, 1, ProcessRestarted.class, 2)
                : Map.of(EpochStarted.class, 1);
    }

    private static void loseEverything(Way way, Sufferer sufferer, Drill drill, UnreliableJournal journal)
            throws Throwable {
        sufferer.suffers("all killed", anotherEpoch(way), drill::killAll);
        sufferer.suffers("all killed while the journal cannot be written for 20 s", anotherEpoch(way), () -> {
            journal.setWritable(false);
            drill.killAll();
            pass(UNWRITABLE);
            journal.setWritable(true);
        });
    }

    private static void loseACheckpoint(Way way, Sufferer sufferer, ManagedCluster cluster, EmbeddedS3 s3)
            throws Throwable {
        sufferer.suffers("all killed, the newest checkpoint damaged", anotherEpoch(way), () -> {
            s3.inject(S3Fault.reject(503, "SlowDown")
                    .on(request -> request.is(S3Operation.PUT) && request.key().endsWith("/_metadata")));
            damageTheNewestPoint(cluster, s3);
            cluster.drill().killAll();
            s3.heal();
        });
    }

    private void fillADisk(Way way, ManagedFlink flink, EmbeddedS3 s3) throws Throwable {
        FullDiskRows rows = new FullDiskRows(way, flink, directory, TABLE, clock, prepared(way));
        for (StateBackend backend : StateBackend.values()) {
            String name = "full-" + backend.flinkName();
            rows.make(spec(name, way, s3).stateBackend(backend).build());
        }
    }

    private static void damageTheNewestPoint(ManagedCluster cluster, EmbeddedS3 s3) {
        RecoveryPoint newest =
                cluster.recoveryPoints("damaged").newestComplete().orElseThrow();
        String uri = newest.uri() + "/_metadata";
        String key = uri.substring(uri.indexOf(s3.bucket()) + s3.bucket().length() + 1);
        byte[] content = s3.read(key).orElseThrow();
        s3.write(key, Arrays.copyOf(content, content.length / 2));
    }

    /** The library has no drill for these. */
    private void killPeers(List<Integer> nodes) {
        Path clusters = directory.resolve("nodes/nodes/clusters");
        List<ProcessHandle> peers = ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("FlinkZooKeeperQuorumPeer"))
                .filter(process -> nodes.stream().anyMatch(node -> worksIn(process, clusters, "node-" + node)))
                .toList();
        assertThat(peers).hasSameSizeAs(nodes);
        peers.forEach(ProcessHandle::destroyForcibly);
    }

    private static boolean worksIn(ProcessHandle process, Path clusters, String node) {
        try {
            Path works = Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"));
            return works.startsWith(clusters) && works.endsWith(node);
        } catch (IOException e) {
            // It has ended, or is another user's.
            return false;
        }
    }

    private static void pass(Duration duration) {
        await().pollInterval(Duration.ofSeconds(1))
                .during(duration)
                .atMost(duration.multipliedBy(2))
                .until(() -> true);
    }

    private ClusterSpec.Builder spec(String name, Way way, EmbeddedS3 s3) {
        return ClusterSpec.named(name)
                .plan(way.plan().plan())
                .taskSlots(SLOTS)
                .checkpoints(Checkpointing.every(Duration.ofSeconds(1))
                        .to(TestBuckets.on(s3, directory).build()));
    }

    /** The loss of one node's process. */
    @FunctionalInterface
    private interface LossOfOne {

        /** Returns whether the job was interrupted. */
        boolean interrupts(int node) throws Throwable;
    }
}
