package io.flinkmanaged.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.CheckpointPassedOver;
import io.flinkmanaged.job.RecoveryPoint;
import io.flinkmanaged.job.RecoveryPoints;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.storage.StoredFile;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * What a lost job goes on from when its newest checkpoints were damaged on any storage: the newest one that is whole, with a
 * note of each that was passed over, and its answer is exact. The test of an adapter extends this class.
 */
public abstract class DamagedPointsContract {

    private static final String CLUSTER = "damaged";
    private static final String JOB = "my job %1";
    private static final long NUMBERS = 6000;
    private static final int SLOWLY = 300;
    private static final int FAST = 20_000;

    @AutoClose
    private final Patience patience = new Patience();

    private final String run = getClass().getName();
    private final List<ClusterEvent> events = new CopyOnWriteArrayList<>();

    /** For the adapter's test. */
    protected DamagedPointsContract() {}

    /** Returns where the state goes; there is nothing in it at first. */
    protected abstract StorageLocation location();

    /**
     * Cuts off the second half of a file, where it is stored.
     *
     * @param path relative to the location
     */
    protected abstract void cutShort(String path);

    @Test
    void pointsThatWereCutShortArePassedOverWithANoteAndTheAnswerIsExact() throws Exception {
        try (ManagedFlink flink = ManagedFlink.configure().listener(events::add).inProcess()) {
            try (ManagedCluster lost = flink.launch(spec())) {
                patience.awaitCheckpoints(submit(lost, SLOWLY), 5);
            }
            assertThat(CountingJob.takeWork(run)).isLessThan(NUMBERS);
            List<RecoveryPoint> whole = points(flink).complete();
            RecoveryPoint newest = whole.get(whole.size() - 1);
            RecoveryPoint second = whole.get(whole.size() - 2);
            RecoveryPoint third = whole.get(whole.size() - 3);
            damage(newest, second);

            RecoveryPoints seen = points(flink);
            assertThat(seen.newestComplete()).contains(third);
            assertThat(seen.all()).hasSizeGreaterThanOrEqualTo(whole.size());
            assertThat(seen.toTable()).contains("damaged");
            try (ManagedCluster found = flink.launch(spec())) {
                ManagedJob job = submit(found, FAST);
                assertThat(job.startingPoint()).contains(third.uri());
                job.awaitFinished(Patience.LIMIT);
            }
            assertThat(notes())
                    .hasSize(2)
                    .anyMatch(note -> note.contains(newest.uri()))
                    .anyMatch(note -> note.contains(second.uri()));
            assertThat(CountingJob.counts(run)).isEqualTo(CountingJob.expected(NUMBERS));
            assertThat(CountingJob.takeWork(run)).isLessThan(NUMBERS);
        }
    }

    /** The metadata of the one, and a state file of the other. */
    private void damage(RecoveryPoint newest, RecoveryPoint second) {
        try (StateStorage storage = StorageProviders.onClassPath().open(location())) {
            int root = storage.uriOf("").length();
            cutShort(newest.uri().substring(root) + "/_metadata");
            String state = storage.files(second.uri().substring(root)).stream()
                    .map(StoredFile::path)
                    .filter(path -> !path.endsWith("/_metadata"))
                    .findFirst()
                    .orElseThrow();
            cutShort(state);
        }
    }

    private List<String> notes() {
        return events.stream()
                .filter(CheckpointPassedOver.class::isInstance)
                .map(ClusterEvent::text)
                .toList();
    }

    private RecoveryPoints points(ManagedFlink flink) {
        return flink.recoveryPoints(location(), CLUSTER, JOB);
    }

    private ManagedJob submit(ManagedCluster cluster, double perSecond) {
        return cluster.submit(JOB, environment -> CountingJob.define(environment, run, NUMBERS, perSecond));
    }

    /** Each checkpoint has files of its own; state of a few bytes would go into the metadata. */
    private ClusterSpec spec() {
        return ClusterSpec.named(CLUSTER)
                .plan(Plans.TINY)
                .override(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ZERO)
                .checkpoints(Checkpointing.every(Duration.ofMillis(200))
                        .to(location())
                        .retained(5))
                .build();
    }
}
