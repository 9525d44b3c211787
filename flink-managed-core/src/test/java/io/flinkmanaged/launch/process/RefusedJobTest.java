package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.flink.CapturedJob;
import io.flinkmanaged.flink.CompiledJob;
import io.flinkmanaged.internal.ForwardingTime;
import io.flinkmanaged.launch.FailureFingerprint;
import io.flinkmanaged.launch.JobFailure;
import io.flinkmanaged.launch.JobForgottenException;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.launch.JobRefusedException;
import io.flinkmanaged.launch.JobSubmission;
import io.flinkmanaged.launch.LaunchOrder;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.minicluster.InProcessLauncher;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.operators.ResourceSpec;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a real Flink says of jobs that it refuses or that fail, asked in process and by REST. Starts a cluster. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedJobTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final SystemTimeSource time = new SystemTimeSource();
    private InProcessLauncher launcher;
    private LaunchedCluster cluster;
    private RestJobs rest;

    @BeforeAll
    void startACluster(@TempDir Path temporary) throws Exception {
        launcher = new InProcessLauncher(time, Secrets.of(List.of()));
        cluster = launcher.launch(
                new LaunchOrder(
                        ClusterSpec.named("flights").plan(Plans.TINY).build(),
                        new Epoch(1),
                        temporary.resolve("epoch-1"),
                        temporary.resolve("ha").toUri().toString(),
                        List.of(),
                        Optional::empty),
                () -> {});
        rest = restAt(cluster.webUi());
    }

    @AfterAll
    void stop() {
        rest.close();
        cluster.stop();
        launcher.close();
        time.close();
    }

    Stream<JobGateway> gateways() {
        return Stream.of(cluster.jobs(), rest);
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("gateways")
    void isRefusedAgainUnderTheSameId(JobGateway gateway) throws Exception {
        JobSubmission refused = submission(JobID.generate(), true);
        for (int i = 0; i < 3; i++) {
            assertThat(gateway.submit(refused))
                    .failsWithin(SOON)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(JobRefusedException.class);
        }
        assertThat(cluster.observe().jobs()).noneMatch(job -> job.jobId().equals(refused.jobId()));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("gateways")
    void isAcceptedAgainIfItRunsOrHasEnded(JobGateway gateway) throws Exception {
        JobSubmission accepted = submission(JobID.generate(), false);
        assertThat(gateway.submit(accepted)).succeedsWithin(SOON);
        assertThat(gateway.submit(accepted)).succeedsWithin(SOON);
        assertThat(gateway.whenEnded(accepted.jobId())).succeedsWithin(SOON);
        assertThat(gateway.submit(accepted)).succeedsWithin(SOON);
    }

    /** What a supervisor counts is read alike both ways. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("gateways")
    void saysWhatAJobFailedOf(JobGateway gateway) throws Exception {
        JobSubmission bad = submission(JobID.generate(), environment -> {
            environment.fromSequence(1, 5).map(RefusedJobTest::parsed).sinkTo(new DiscardingSink<>());
            return environment.executeAsync("five");
        });
        assertThat(gateway.submit(bad)).succeedsWithin(SOON);
        assertThat(gateway.whenEnded(bad.jobId())).succeedsWithin(SOON);
        List<JobFailure> failures = gateway.failures(bad.jobId()).get(30, TimeUnit.SECONDS);
        assertThat(failures).singleElement().satisfies(failure -> {
            assertThat(failure.fingerprint())
                    .isEqualTo(new FailureFingerprint(
                            "java.lang.IllegalStateException",
                            "record # is bad",
                            RefusedJobTest.class.getName() + ".parsed"));
            assertThat(failure.ofInfrastructure()).isFalse();
        });
    }

    private static long parsed(long record) {
        throw new IllegalStateException("record " + record + " is bad");
    }

    /** Over REST, Flink tells that by the name of an exception in a text. */
    @Test
    void isForgottenIfFlinkDoesNotKnowIt() throws Exception {
        try (RestJobs hasty = restAt(cluster.webUi(), new HastyTime(time))) {
            assertThat(hasty.whenEnded(JobID.generate()))
                    .failsWithin(SOON)
                    .withThrowableThat()
                    .withCauseInstanceOf(JobForgottenException.class);
        }
    }

    /** Flink's client calls that a JobSubmissionException, too. */
    @Test
    void isNotRefusedByAnAnswerThatNeverCame() throws Exception {
        try (RestJobs nobody = restAt(URI.create("http://127.0.0.1:1"))) {
            CompletableFuture<Void> submitted = nobody.submit(submission(JobID.generate(), false));
            assertThat(submitted)
                    .failsWithin(SOON)
                    .withThrowableThat()
                    .havingCause()
                    .isNotInstanceOf(JobRefusedException.class);
        }
    }

    private RestJobs restAt(URI address) throws Exception {
        return restAt(address, time);
    }

    private static RestJobs restAt(URI address, TimeSource its) throws Exception {
        return RestJobs.at(new RestAddresses(List.of(address)), new Configuration(), its, () -> false);
    }

    /** In which half a minute lasts less than a second for whoever measures it. */
    private static final class HastyTime extends ForwardingTime {

        HastyTime(TimeSource time) {
            super(time);
        }

        @Override
        public long ticks() {
            return 100 * super.ticks();
        }
    }

    /** Flink refuses a job of which only some operators say what resources they need. */
    private static JobSubmission submission(JobID id, boolean refused) throws Exception {
        return submission(id, environment -> {
            DataStream<Long> numbers = environment.fromSequence(1, 5);
            if (refused) {
                ResourceSpec some = ResourceSpec.newBuilder(1.0, 16).build();
                numbers.getTransformation().setResources(some, some);
            }
            numbers.sinkTo(new DiscardingSink<>());
            return environment.executeAsync("five");
        });
    }

    private static JobSubmission submission(JobID id, CompiledJob.Program program) throws Exception {
        CapturedJob job = CompiledJob.capture(new Configuration(), RefusedJobTest.class.getClassLoader(), program);
        return new JobSubmission(
                id,
                new JobName("five"),
                job.plan(),
                Map.of("restart-strategy.type", "none"),
                List.of(),
                true,
                Optional.empty());
    }
}
