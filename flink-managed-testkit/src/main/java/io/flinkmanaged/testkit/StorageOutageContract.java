package io.flinkmanaged.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.JobInterrupted;
import io.flinkmanaged.job.AttemptId;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.spec.StorageLocation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * What a job on any storage outlives: the storage goes away in the middle of a run, and other trouble; the job works on
 * without a restart, its checkpoints are completed again, and its answer is exact. Then a TaskManager is lost, and its state
 * is read back through trouble. The test of an adapter extends this class.
 *
 * <p>The outage lasts a second, and as long as the system property {@code outage} says: {@code -Doutage=PT30S}.
 */
public abstract class StorageOutageContract {

    private static final Duration OUTAGE = Duration.parse(System.getProperty("outage", "PT1S"));
    private static final int A_SECOND = 300;
    private static final long NUMBERS = A_SECOND * (OUTAGE.toSeconds() + 600);
    private static final int FAST = 100_000;

    @AutoClose
    private final Patience patience = new Patience();

    private final String run = getClass().getName();

    /** For the adapter's test. */
    protected StorageOutageContract() {}

    /** Returns where the state goes; there is nothing in it at first. */
    protected abstract StorageLocation location();

    /** Makes the storage go away: from now on nothing can be read or written. */
    protected abstract void cutOff();

    /** Ends all trouble: what was there before is there. */
    protected abstract void heal();

    /** Returns what makes lesser trouble, one after the other; each is healed when checkpoints are completed again. */
    protected List<Runnable> troubles() {
        return List.of();
    }

    /** Makes trouble for whoever reads state; none where there is only all or nothing. */
    protected void troubleReading() {}

    @Test
    void aJobOutlivesAnOutageWithoutARestartAndEndsExactly() throws Exception {
        List<ClusterEvent> events = new CopyOnWriteArrayList<>();
        try (ManagedFlink flink = ManagedFlink.configure().listener(events::add).inProcess();
                ManagedCluster cluster = flink.launch(spec())) {
            ManagedJob job = submit(cluster, A_SECOND);
            patience.awaitCheckpoints(job, 2);
            AttemptId attempt = job.attemptId();
            cutOff();
            worksOnWithoutCheckpoints(job);
            heal();
            patience.awaitCheckpoints(job, 2);
            for (Runnable trouble : troubles()) {
                trouble.run();
                patience.awaitCheckpoints(job, 2);
                heal();
            }
            assertThat(job.attemptId()).isEqualTo(attempt);
            assertThat(events).noneMatch(JobInterrupted.class::isInstance);

            restoresThroughTrouble(cluster, job);
            String savepoint = job.stopWithSavepoint();
            assertThat(savepoint).startsWith(location().scheme() + ":");
            submit(cluster, FAST).awaitFinished(Patience.LIMIT);
            assertThat(CountingJob.counts(run)).isEqualTo(CountingJob.expected(NUMBERS));
        }
    }

    private void worksOnWithoutCheckpoints(ManagedJob job) throws Exception {
        long counted = CountingJob.total(run);
        long completed = job.progress().completedCheckpoints();
        patience.letPass(OUTAGE, () -> assertThat(job.status()).isEqualTo(JobStatus.RUNNING));
        assertThat(CountingJob.total(run)).isGreaterThan(counted);
        // One may have had all its files written when the storage went away.
        assertThat(job.progress().completedCheckpoints()).isLessThanOrEqualTo(completed + 1);
    }

    /** State that cannot be read at once is read later, and never in part. */
    private void restoresThroughTrouble(ManagedCluster cluster, ManagedJob job) throws Exception {
        troubleReading();
        cluster.drill().killTaskManager(1);
        patience.await(() -> job.progress().restored().isPresent());
        patience.awaitCheckpoints(job, 2);
        heal();
    }

    private ManagedJob submit(ManagedCluster cluster, double perSecond) {
        return cluster.submit("counting", environment -> CountingJob.define(environment, run, NUMBERS, perSecond));
    }

    /** State of a few bytes would go into the metadata, and nothing else would be read. */
    private ClusterSpec spec() {
        return ClusterSpec.named("outage")
                .plan(Plans.TINY)
                .stateBackend(StateBackend.ROCKSDB)
                .override(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ZERO)
                .checkpoints(Checkpointing.every(Duration.ofMillis(200)).to(location()))
                .build();
    }
}
