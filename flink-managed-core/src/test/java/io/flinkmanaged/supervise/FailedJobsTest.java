package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.cluster.FailedJob;
import io.flinkmanaged.event.ClusterEvent.JobBegunAgain;
import io.flinkmanaged.event.ClusterEvent.JobEnded;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.job.AttemptEnd;
import io.flinkmanaged.job.AttemptEnd.Kind;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.model.ClusterName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flink gives a job up; whether that is its end, the policy says. */
class FailedJobsTest {

    private static final Duration SOON = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private SupervisedCluster supervised;
    private Supervision supervision;
    private ClusterJob job;
    /** What the policy says, beside the standard one. */
    private Function<FailedJob, Optional<Duration>> beginsAgain = failed -> Optional.empty();

    @BeforeEach
    void runAJob() {
        supervised = new SupervisedCluster(directory, time);
        FailoverPolicy policy = new FailoverPolicy() {
            @Override
            public Decision decide(Situation situation) {
                return FailoverPolicy.standard().decide(situation);
            }

            @Override
            public Optional<Duration> beginAgainAfter(FailedJob failed) {
                return beginsAgain.apply(failed);
            }
        };
        supervision =
                new Supervisor(time, policy, time.blocking(), supervised.events::add).supervise(supervised.cluster);
        time.pass(SOON);
        job = supervised.submitted("delays", time);
    }

    @AfterEach
    void close() {
        supervised.close();
    }

    @Test
    void isAnEndByTheStandardPolicy() {
        beginsAgain = FailoverPolicy.standard()::beginAgainAfter;
        fail();
        assertFailed();
        assertThat(supervised.events(JobBegunAgain.class)).isEmpty();
    }

    @Test
    void isNoneAsOftenAsAnotherPolicyBeginsItAgain() {
        beginsAgain = FailoverPolicy.standard()
                .beginningFailedJobsAgain(2, Duration.ofMinutes(10), Duration.ofSeconds(1))::beginAgainAfter;
        JobAttempt first = job.attempt().orElseThrow();
        fail();
        fail();
        assertThat(job.hasEnded()).isFalse();
        assertThat(job.attempt().orElseThrow().id().number())
                .isEqualTo(first.id().number() + 2);
        assertThat(job.attempt().orElseThrow().id().epoch())
                .isEqualTo(first.id().epoch());
        assertThat(supervised.launcher.last().submissions()).hasSize(3);
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
        assertThat(supervised.events(JobBegunAgain.class)).hasSize(2);
        assertThat(supervised.events(JobEnded.class)).isEmpty();

        time.pass(Duration.ofMinutes(11));
        fail();
        assertThat(job.hasEnded()).as("what was long ago does not count").isFalse();
        fail();
        fail();
        assertFailed();
        assertThat(supervised.events(JobBegunAgain.class)).hasSize(4);
    }

    @Test
    void isOpenIfItsEpochIsLostMeanwhileAndGoesOnInTheNextOne() {
        beginsAgain = failed -> Optional.of(Duration.ZERO);
        supervised.launcher.last().end(jobId(), failed());
        supervised.launcher.last().become(Liveness.DEAD, "killed by a test");
        time.pass(SOON);
        assertThat(supervised.launcher.last().submissions()).hasSize(1);
        assertThat(job.hasEnded()).isFalse();
        assertThat(job.attempt().orElseThrow().id().epoch().number()).isEqualTo(2);
    }

    @Test
    void isAnEndIfThePolicyThrows() {
        beginsAgain = failed -> {
            throw new IllegalStateException("a policy that throws");
        };
        fail();
        assertFailed();
    }

    /** The next process continues the cluster, and the job with it. */
    @Test
    void isLeftOpenIfTheClusterIsLetGoOf() {
        supervision.end("a test wants it");
        fail();
        assertThat(recordedEnd()).isEmpty();
        assertThat(supervised.events(JobEnded.class)).isEmpty();
    }

    @Test
    void isLeftOpenIfTheClusterIsLetGoOfBeforeThePolicyHasAnswered() {
        beginsAgain = failed -> {
            supervision.end("a test wants it");
            return Optional.empty();
        };
        fail();
        assertThat(recordedEnd()).isEmpty();
        assertThat(supervised.events(JobEnded.class)).isEmpty();
    }

    @Test
    void isBegunAgainAfterThePauseAndTheClusterSaysSoMeanwhile() {
        beginsAgain = failed -> Optional.of(Duration.ofMinutes(1));
        fail();
        time.pass(Duration.ofSeconds(50));
        assertThat(supervised.launcher.last().submissions()).hasSize(1);
        assertThat(supervision.health().state()).isEqualTo(Health.State.DEGRADED);
        assertThat(supervision.health().reason()).contains("delays");
        assertThat(supervision.incidents()).singleElement().satisfies(incident -> {
            assertThat(incident.cause()).contains("was given up by Flink and is begun again");
            assertThat(incident.open()).isTrue();
        });
        time.pass(Duration.ofSeconds(20));
        assertThat(supervised.launcher.last().submissions()).hasSize(2);
        assertThat(supervision.health().state()).isEqualTo(Health.State.HEALTHY);
        assertThat(supervision.incidents()).singleElement().satisfies(incident -> assertThat(incident.open())
                .isFalse());
    }

    @Test
    void isAnEndOfAJobThatIsToBeCancelled() {
        beginsAgain = failed -> Optional.of(Duration.ZERO);
        CompletableFuture<Void> noted = supervised.cluster.jobs().noteCancel(job);
        time.runBlocking();
        assertThat(noted).isCompleted();
        fail();
        assertFailed();
        assertThat(supervised.events(JobBegunAgain.class)).isEmpty();
    }

    private void fail() {
        supervised.launcher.last().end(jobId(), failed());
        time.pass(SOON);
    }

    private Optional<AttemptEnd> recordedEnd() {
        return new JobStore(supervised.storage, new ClusterName("flights"))
                .endOf(job.attempt().orElseThrow());
    }

    private JobID jobId() {
        return job.attempt().orElseThrow().jobId();
    }

    private static JobEnd failed() {
        return new JobEnd(JobStatus.FAILED, Optional.of(new IllegalStateException("record 7 is bad")));
    }

    private void assertFailed() {
        assertThat(job.whenEnded()).isCompletedWithValueMatching(end -> end.status() == JobStatus.FAILED);
        assertThat(recordedEnd()).contains(AttemptEnd.of(Kind.FAILED));
        assertThat(supervised.events(JobEnded.class)).hasSize(1);
    }
}
