package io.flinkmanaged.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.config.Policies;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.StateFileNearLimit;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.job.Artifact;
import io.flinkmanaged.job.AttemptEnd;
import io.flinkmanaged.job.AttemptId;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobPriority;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.job.UserJars;
import io.flinkmanaged.journal.InMemoryJournal;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobFailure;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.JobProgress;
import io.flinkmanaged.launch.JobSubmission;
import io.flinkmanaged.launch.ScriptedLauncher;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.storage.StateFileLimits;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A storage takes state files of 1000 bytes. */
class StateFileWatchTest {

    private static final ClusterName FLIGHTS = new ClusterName("flights");
    private static final JobName JOB = new JobName("delays");
    private static final AttemptId ID = new AttemptId(new Epoch(1), 1);

    private final ManualTime time = new ManualTime();
    private final List<ClusterEvent> events = new ArrayList<>();
    private final Newest newest = new Newest();
    private final ClusterJob job = ClusterJob.kept(JOB, JobPriority.NORMAL);

    @TempDir
    private Path root;

    private UnreliableStorage storage;
    private JobAttempt attempt;

    @BeforeEach
    void runAJob() {
        storage = new UnreliableStorage(StorageProviders.onClassPath().open(FileStorage.at(root)));
        storage.limit(new StateFileLimits(new MemorySize(1000), "Amazon's limit", root));
        attempt = new JobAttempt(
                JOB,
                ID,
                ID.jobId(FLIGHTS, JOB),
                Optional.empty(),
                new Artifact("plan", List.of(), false),
                JobPriority.NORMAL,
                time.now());
        job.runs(attempt, newest);
    }

    @Test
    void tellsOnceThatAStateFileComesNearTheLimitWithNumbers() {
        watch();
        checkpoint(1, 700);
        time.pass(Duration.ofHours(1));
        assertThat(events).isEmpty();
        checkpoint(2, 812);
        time.pass(Duration.ofHours(1));
        assertThat(events).singleElement().isInstanceOfSatisfying(StateFileNearLimit.class, event -> {
            assertThat(event.bytes()).isEqualTo(812);
            assertThat(event.limit()).isEqualTo(1000);
            assertThat(event.file()).endsWith("/chk-2/state");
            assertThat(event.text()).contains("delays", "Amazon's limit", "chk-2/state", "parallelism", "ROCKSDB");
        });
        assertThat(time.waiting()).isZero();
    }

    /** The metadata is read, not written, in one piece; shared files are what RocksDB makes of them. */
    @Test
    void countsNeitherTheMetadataNorSharedFiles() {
        checkpoint(1, 10);
        write("chk-1/_metadata", 900);
        write("shared/of-many", 900);
        watch();
        time.pass(Duration.ofHours(1));
        assertThat(events).isEmpty();
    }

    @Test
    void looksAgainAfterAnOutage() {
        checkpoint(1, 900);
        storage.outage(path -> true);
        watch();
        time.pass(Duration.ofHours(1));
        assertThat(events).isEmpty();
        storage.endOutage();
        time.pass(Duration.ofMinutes(6));
        assertThat(events).hasSize(1);
    }

    @Test
    void looksNoMoreWhenTheJobHasEnded() {
        checkpoint(1, 10);
        watch();
        time.pass(Duration.ofMinutes(2));
        assertThat(time.waiting()).isOne();
        job.endedBefore(AttemptEnd.Kind.FINISHED, attempt.jobId());
        time.pass(Duration.ofMinutes(6));
        assertThat(time.waiting()).isZero();
    }

    @Test
    void asksNothingWhereThereIsNoLimit() {
        storage = new UnreliableStorage(StorageProviders.onClassPath().open(FileStorage.at(root)));
        watch();
        assertThat(time.waiting()).isZero();
    }

    private void watch() {
        ClusterServices services = new ClusterServices(
                time,
                time.blocking(),
                events::add,
                new ScriptedLauncher(),
                new UserJars(root.resolve("work")),
                root.resolve("work"),
                Policies.NONE,
                new KnownEpochs(new InMemoryJournal()),
                () -> {});
        new StateFileWatch(new JobStore(storage, FLIGHTS), services).watch(job, attempt, newest);
    }

    private void checkpoint(long number, int bytes) {
        write("chk-" + number + "/state", bytes);
        write("chk-" + number + "/_metadata", 1);
        newest.completed = Optional.of(number);
    }

    private void write(String file, int bytes) {
        storage.putArtifact(
                "flights/jobs/delays/" + ID + "/checkpoints/" + attempt.jobId().toHexString() + "/" + file,
                new byte[bytes]);
    }

    /** Answers nothing but the number of the newest checkpoint. */
    private static final class Newest implements JobGateway {

        private Optional<Long> completed = Optional.empty();

        @Override
        public CompletableFuture<List<JobFailure>> failures(JobID jobId) {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public CompletableFuture<JobProgress> progress(JobID jobId) {
            return CompletableFuture.completedFuture(
                    new JobProgress(completed.orElse(0L), 0, completed, Optional.empty(), Optional.empty()));
        }

        @Override
        public CompletableFuture<Void> submit(JobSubmission submission) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<JobEnd> whenEnded(JobID jobId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public JobClient client(JobID jobId, ClassLoader classLoader) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Long> checkpoint(JobID jobId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<JobObservation> observe(JobID jobId) {
            throw new UnsupportedOperationException();
        }
    }
}
