package io.flinkmanaged.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.internal.Digests;
import io.flinkmanaged.internal.Seeded;
import io.flinkmanaged.job.AttemptEnd.Kind;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.JobName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobRecordsTest {

    private static final ClusterName CLUSTER = new ClusterName("flights");

    @Test
    void anAttemptIsReadBackAsItWasWritten() {
        Seeded.check(200, random -> {
            JobAttempt attempt = randomAttempt(random);
            String text = attempt.toYaml();
            assertThat(JobAttempt.fromYaml("x/attempt.yaml", text)).as(text).isEqualTo(attempt);
        });
    }

    @Test
    void anEndIsReadBackAsItWasWritten() {
        for (Kind kind : Kind.values()) {
            assertThat(AttemptEnd.fromYaml("x/end.yaml", AttemptEnd.of(kind).toYaml()))
                    .isEqualTo(AttemptEnd.of(kind));
        }
        Seeded.check(100, random -> {
            AttemptEnd stopped = new AttemptEnd(Kind.STOPPED, Optional.of("s3://a/" + Seeded.text(random)));
            assertThat(AttemptEnd.fromYaml("x/end.yaml", stopped.toYaml())).isEqualTo(stopped);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "format: 1, format: 7, format",
        "job: delays, job: ' ', job name",
        "attempt: epoch-2-attempt-3, attempt: second, attempt",
        "attempt: epoch-2-attempt-3, attempt: epoch-0-attempt-3, attempt",
        "job-id:, job-id: xyz #, job-id",
        "job-id:, job-number:, job-id",
        "plan:, plan-of:, plan",
        "on-flink-class-path: true, on-flink-class-path: maybe, on-flink-class-path",
        "submitted-at: 2026, submitted-at: yesterday #, submitted-at",
        "format: 1, 'format: 1\npriority: high', priority",
        "format: 1, 'format: 1\npriority: 1001', priority",
        "submitted-at: 2026, submitted: 2026, submitted-at"
    })
    void aDamagedAttemptIsRefusedWithItsField(String field, String damaged, String named) {
        String text = Attempts.of("delays", 2, 3).toYaml();
        assertThat(text).contains(field);
        assertThatThrownBy(() -> JobAttempt.fromYaml("x/attempt.yaml", text.replace(field, damaged)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "end: EXPLODED", "savepoint: file:///x", "end: [FINISHED]", "- end"})
    void aDamagedEndIsRefused(String text) {
        assertThatThrownBy(() -> AttemptEnd.fromYaml("x/end.yaml", text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("attempt end x/end.yaml");
    }

    @Test
    void anAttemptsIdIsReadBackFromItsDirectory() {
        Seeded.check(200, random -> {
            AttemptId id = new AttemptId(new Epoch(random.nextLong(1, 1L << 50)), random.nextInt(1, 1_000_000_000));
            assertThat(AttemptId.parse(id.toString())).contains(id);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "epoch-1",
                "epoch-1-attempt-",
                "epoch--1-attempt-1",
                "epoch-1-attempt-1 ",
                "xepoch-1-attempt-1",
                "epoch-0-attempt-1",
                "epoch-1-attempt-0",
                "epoch-01-attempt-1",
                "epoch-1-attempt-01",
                "epoch-9999999999999999999-attempt-1",
                "epoch-1-attempt-9999999999"
            })
    void whatIsNoAttemptsDirectoryIsNotTakenForOne(String name) {
        assertThat(AttemptId.parse(name)).isEmpty();
    }

    @Test
    void laterAttemptsAreGreater() {
        assertThat(List.of(id(9, 1), id(9, 2), id(9, 10), id(10, 1), id(100, 1)))
                .isSorted();
    }

    @Test
    void everyAttemptHasAJobIdOfItsOwnAndAlwaysTheSame() {
        JobName job = new JobName("delays");
        assertThat(List.of(
                        id(1, 1).jobId(CLUSTER, job),
                        id(1, 2).jobId(CLUSTER, job),
                        id(2, 1).jobId(CLUSTER, job),
                        id(11, 1).jobId(CLUSTER, job),
                        id(1, 11).jobId(CLUSTER, job),
                        id(1, 1).jobId(new ClusterName("trains"), job),
                        id(1, 1).jobId(CLUSTER, new JobName("delays1")),
                        id(1, 1).jobId(new ClusterName("flightsd"), new JobName("elays"))))
                .doesNotHaveDuplicates();
        assertThat(id(1, 1).jobId(CLUSTER, job)).isEqualTo(id(1, 1).jobId(CLUSTER, job));
        // For ever: Flink's checkpoints lie in a directory of this name.
        assertThat(id(1, 1).jobId(CLUSTER, job)).hasToString("ff65520f343d9f6e74e92b25c7f00401");
    }

    private static AttemptId id(long epoch, int number) {
        return new AttemptId(new Epoch(epoch), number);
    }

    private static JobAttempt randomAttempt(Random random) {
        JobName job = new JobName("j" + Seeded.text(random).replaceAll("\\p{Cntrl}|\u0085", ""));
        AttemptId id = id(random.nextLong(1, 1L << 40), random.nextInt(1, 1_000));
        List<String> jars = random.nextBoolean() ? List.of() : List.of(digest(random), digest(random));
        return new JobAttempt(
                job,
                id,
                id.jobId(CLUSTER, job),
                random.nextBoolean() ? Optional.empty() : Optional.of("file:///" + Seeded.text(random)),
                new Artifact(digest(random), jars, random.nextBoolean()),
                new JobPriority(random.nextBoolean() ? 0 : random.nextInt(-1000, 1001)),
                Instant.ofEpochSecond(random.nextLong(1L << 32), random.nextInt(1_000_000_000)));
    }

    private static String digest(Random random) {
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        return Digests.sha256(bytes);
    }
}
