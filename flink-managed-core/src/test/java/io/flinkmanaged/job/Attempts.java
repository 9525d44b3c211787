package io.flinkmanaged.job;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.JobName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Attempts of a cluster named flights. */
final class Attempts {

    private static final ClusterName CLUSTER = new ClusterName("flights");

    private Attempts() {}

    static JobAttempt of(String job, long epoch, int number) {
        return startingFrom(Optional.empty(), job, epoch, number);
    }

    static JobAttempt startingFrom(Optional<String> point, String job, long epoch, int number) {
        JobName name = new JobName(job);
        AttemptId id = new AttemptId(new Epoch(epoch), number);
        return new JobAttempt(
                name,
                id,
                id.jobId(CLUSTER, name),
                point,
                new Artifact("a".repeat(64), List.of("b".repeat(64)), true),
                JobPriority.NORMAL,
                Instant.parse("2026-01-01T00:00:00.123456789Z"));
    }
}
