package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobForgottenException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.messages.FlinkJobNotFoundException;
import org.apache.flink.runtime.rest.messages.job.JobExecutionResultResponseBody;
import org.junit.jupiter.api.Test;

/** Who waits for a job's end asks again and again; what is answered, a test says. */
class JobEndsTest {

    private static final JobID JOB = new JobID(4711, 1);
    private static final Duration FOR_LONG = JobEnds.FORGOTTEN_AFTER.plusSeconds(5);

    private final ManualTime time = new ManualTime();
    private Supplier<CompletableFuture<JobExecutionResultResponseBody>> result = JobEndsTest::running;
    private Supplier<CompletableFuture<Boolean>> listed = () -> CompletableFuture.completedFuture(true);
    private boolean over;
    private int questions;

    private final JobEnds ends = new JobEnds(
            unused -> {
                questions++;
                return result.get();
            },
            unused -> listed.get(),
            time,
            () -> over);

    @Test
    void tellsAnEnd() {
        CompletableFuture<JobEnd> end = ends.whenEnded(JOB);
        time.pass(FOR_LONG);
        assertThat(end).isNotDone();
        result = JobEndsTest::finished;
        time.pass(Duration.ofSeconds(5));
        assertThat(end).isCompletedWithValue(new JobEnd(JobStatus.FINISHED, Optional.empty()));
    }

    @Test
    void believesThatAJobIsForgottenAfterAWhile() {
        CompletableFuture<JobEnd> end = forgotten();
        time.pass(JobEnds.FORGOTTEN_AFTER);
        assertThat(end).isNotDone();
        time.pass(Duration.ofSeconds(5));
        assertThat(end)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(JobForgottenException.class);
        assertThat(questions).as("a JobManager is not flooded meanwhile").isLessThan(30);
    }

    @Test
    void believesNoLeaderThatHasJustTakenOver() {
        CompletableFuture<JobEnd> end = forgotten();
        time.pass(Duration.ofSeconds(20));
        result = JobEndsTest::running;
        time.pass(Duration.ofSeconds(5));
        result = JobEndsTest::unknown;
        time.pass(Duration.ofSeconds(20));
        assertThat(end).isNotDone();
    }

    @Test
    void takesNoLostAnswerForOneThatAJobIsForgotten() {
        CompletableFuture<JobEnd> end = ends.whenEnded(JOB);
        result = () -> CompletableFuture.failedFuture(new IOException("nobody answers"));
        time.pass(Duration.ofMinutes(1));
        result = JobEndsTest::unknown;
        listed = () -> CompletableFuture.completedFuture(false);
        time.pass(Duration.ofSeconds(20));
        assertThat(end).isNotDone();
    }

    @Test
    void asksOnAsLongAsTheListSaysOtherwiseOrNothing() {
        CompletableFuture<JobEnd> end = forgotten();
        listed = () -> CompletableFuture.completedFuture(true);
        time.pass(FOR_LONG);
        listed = () -> CompletableFuture.failedFuture(new IOException("nobody answers"));
        time.pass(FOR_LONG);
        assertThat(end).isNotDone();
        result = JobEndsTest::finished;
        time.pass(Duration.ofSeconds(5));
        assertThat(end).isCompletedWithValue(new JobEnd(JobStatus.FINISHED, Optional.empty()));
    }

    /** The jobs of a dead epoch are not forgotten: they are lost. */
    @Test
    void saysNothingOfTheJobsOfADeadEpoch() {
        CompletableFuture<JobEnd> end = forgotten();
        over = true;
        time.pass(FOR_LONG);
        assertThat(end)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingRootCause()
                .isNotInstanceOf(JobForgottenException.class);
    }

    private CompletableFuture<JobEnd> forgotten() {
        result = JobEndsTest::unknown;
        listed = () -> CompletableFuture.completedFuture(false);
        return ends.whenEnded(JOB);
    }

    private static CompletableFuture<JobExecutionResultResponseBody> running() {
        return CompletableFuture.completedFuture(JobExecutionResultResponseBody.inProgress());
    }

    private static CompletableFuture<JobExecutionResultResponseBody> finished() {
        return CompletableFuture.completedFuture(JobExecutionResultResponseBody.created(new JobResult.Builder()
                .jobId(JOB)
                .jobStatus(JobStatus.FINISHED)
                .netRuntime(1)
                .build()));
    }

    private static CompletableFuture<JobExecutionResultResponseBody> unknown() {
        return CompletableFuture.failedFuture(new CompletionException(new FlinkJobNotFoundException(JOB)));
    }
}
