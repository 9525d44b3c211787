package io.flinkmanaged.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureFingerprintTest {

    private static final String TRACE = """
            org.apache.flink.runtime.taskmanager.AsynchronousException: Caught exception
            \tat org.apache.flink.streaming.runtime.tasks.StreamTask.handle(StreamTask.java:17)
            Caused by: java.lang.IllegalStateException: record 4711 of 10.0.0.7:9092 is bad: Row@3f2a11bc, 0xBEEF
            \tat java.base/java.util.Objects.requireNonNull(Objects.java:233)
            \tat user.Parser.lambda$parse$3(Parser.java:%d)
            \tat user.Parser.parse(Parser.java:12)
            \t... 12 more
            """;

    @Test
    void isTheRootCauseWithoutWhatDiffersEachTime() {
        FailureFingerprint fingerprint = FailureFingerprint.of(TRACE.formatted(8));
        assertThat(fingerprint)
                .isEqualTo(new FailureFingerprint(
                        "java.lang.IllegalStateException",
                        "record # of # is bad: Row#, #",
                        "user.Parser.lambda$parse$"));
        assertThat(FailureFingerprint.of(
                        TRACE.formatted(99).replace("4711", "-3").replace("10.0.0.7:9092", "10.0.0.8:1")))
                .isEqualTo(fingerprint);
        assertThat(fingerprint)
                .hasToString(
                        "java.lang.IllegalStateException: record # of # is bad: Row#, # (at user.Parser.lambda$parse$)");
    }

    @Test
    void differsByClassByMessageAndByPlace() {
        FailureFingerprint fingerprint = FailureFingerprint.of(TRACE.formatted(8));
        assertThat(FailureFingerprint.of(TRACE.replace("IllegalStateException", "IllegalArgumentException")))
                .isNotEqualTo(fingerprint);
        assertThat(FailureFingerprint.of(TRACE.replace("is bad", "is worse"))).isNotEqualTo(fingerprint);
        assertThat(FailureFingerprint.of(TRACE.replace("user.Parser.lambda", "user.Other.lambda")))
                .isNotEqualTo(fingerprint);
    }

    @Test
    void takesTextsThatAreNoStackTraces() {
        assertThat(FailureFingerprint.of("")).isEqualTo(new FailureFingerprint("", "", ""));
        assertThat(FailureFingerprint.of("user.Oops")).isEqualTo(new FailureFingerprint("user.Oops", "", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.apache.flink.runtime.io.network.netty.exception.RemoteTransportException: Connection closed",
                "org.apache.flink.runtime.jobmaster.JobMasterException: TaskManager with id node-1 is no longer reachable.",
                "java.util.concurrent.TimeoutException: Heartbeat of TaskManager with id node-1 timed out.",
                "org.apache.flink.util.FlinkException: The TaskExecutor is shutting down.",
                "org.apache.flink.util.FlinkException: TaskManager node-1 was disconnected.",
                "org.apache.flink.util.FlinkRuntimeException: Exceeded checkpoint tolerable failure threshold.",
                "java.lang.RuntimeException: no slots\nCaused by: "
                        + "org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException: none",
            })
    void knowsWhatIsNoFaultOfTheJob(String text) {
        assertThat(JobFailure.of(Instant.EPOCH, text).ofInfrastructure()).isTrue();
    }

    @Test
    void holdsTheJobResponsibleForItsOwnCode() {
        String trace =
                TRACE.formatted(8) + "\tat org.apache.flink.runtime.checkpoint.CheckpointException.of(X.java:1)\n";
        assertThat(JobFailure.of(Instant.EPOCH, trace).ofInfrastructure()).isFalse();
    }
}
