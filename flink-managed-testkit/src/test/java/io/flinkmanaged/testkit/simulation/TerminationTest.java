package io.flinkmanaged.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.cluster.ClusterServices;
import io.flinkmanaged.cluster.KnownEpochs;
import io.flinkmanaged.config.Policies;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.EpochEnded;
import io.flinkmanaged.flink.CapturedJob;
import io.flinkmanaged.job.JobPriority;
import io.flinkmanaged.job.StartingPoint;
import io.flinkmanaged.job.UserJars;
import io.flinkmanaged.journal.InMemoryJournal;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.ProcessIdentity.Liveness;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.testkit.InMemoryStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of an operated cluster whose processes a former library let go of, and this one has not taken over. */
class TerminationTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    private final VirtualTime time = VirtualTime.seeded(7);
    private final InMemoryStorage storage = InMemoryStorage.create(time);
    private final SimulatedLauncher launcher = new SimulatedLauncher(time, new Invariants(time));
    private final KnownEpochs known = new KnownEpochs(new InMemoryJournal());
    private final List<ClusterEvent> events = new CopyOnWriteArrayList<>();
    private final ClusterSpec spec = ClusterSpec.named("left")
            .plan(Plans.THREE_NODE_4GB)
            .checkpoints(Checkpointing.every(Duration.ofSeconds(10)).to(storage.location()))
            .build();
    private StateStorage opened;

    @BeforeEach
    void leaveOneBehind() throws InterruptedException {
        launcher.outliveLibraries();
        opened = StorageProviders.onClassPath().open(storage.location());
        Cluster former = cluster();
        inLane(former, former::beginEpoch);
        inLane(former, () -> submit(former));
        inLane(former, former::letGo);
        assertThat(livenessOfEpoch(1)).isEqualTo(Liveness.ALIVE);
    }

    @AfterEach
    void close() {
        opened.close();
        storage.close();
        time.close();
    }

    @Test
    void leavesNoProcessAndNoJob() throws InterruptedException {
        Cluster next = cluster();
        inLane(next, next::terminate);
        assertThat(livenessOfEpoch(1)).isEqualTo(Liveness.DEAD);
        assertThat(events)
                .filteredOn(EpochEnded.class::isInstance)
                .singleElement()
                .satisfies(ended -> assertThat(ended.text()).contains("it was terminated"));
        Cluster last = cluster();
        inLane(last, last::beginEpoch);
        assertThat(last.current().orElseThrow().epoch()).isEqualTo(new Epoch(2));
        assertThat(last.jobs().all()).isEmpty();
    }

    @Test
    void isCalledAgainIfTheStorageDidNotAnswer() throws InterruptedException {
        Cluster next = cluster();
        storage.beginOutage();
        assertThatThrownBy(() -> inLane(next, next::terminate)).hasCauseInstanceOf(StorageException.class);
        storage.endOutage();
        inLane(next, next::terminate);
        assertThat(livenessOfEpoch(1)).isEqualTo(Liveness.DEAD);
    }

    private Liveness livenessOfEpoch(long number) {
        return launcher.livenessOf(spec.name(), new Epoch(number));
    }

    private void inLane(Cluster cluster, Runnable operation) throws InterruptedException {
        CompletableFuture<Boolean> done = cluster.lane().run(() -> {
            operation.run();
            return true;
        });
        assertThat(time.await(done, PATIENCE)).isTrue();
        boolean unused = done.join();
    }

    private static void submit(Cluster cluster) {
        CapturedJob captured = SimulatedPlans.ofSlots(1);
        ClusterJob job = cluster.jobs()
                .reserve(new JobName("delays"), JobPriority.NORMAL, captured, TerminationTest.class.getClassLoader());
        cluster.jobs().submit(job, captured, StartingPoint.asItEnded(), cluster.requireCurrent());
    }

    private Cluster cluster() {
        return new Cluster(
                spec,
                opened,
                new ClusterServices(
                        time,
                        time.blocking(),
                        events::add,
                        launcher,
                        new UserJars(directory),
                        directory,
                        Policies.NONE,
                        known,
                        () -> {}),
                true);
    }
}
