package io.flinkmanaged.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.storage.Completeness;
import io.flinkmanaged.storage.PointKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Test;

class RecoveryPointsTest {

    @Test
    void ordersByEpochAttemptAndIdNeverByTheClock() {
        RecoveryPoint first = point(1, 1, 900, "2026-01-09T00:00:00Z");
        RecoveryPoint second = point(1, 2, 7, "2026-01-08T00:00:00Z");
        RecoveryPoint third = point(1, 10, 3, "2026-01-07T00:00:00Z");
        RecoveryPoint fourth = point(2, 1, 1, "2026-01-06T00:00:00Z");
        RecoveryPoint fifth = point(2, 1, 10, "2026-01-05T00:00:00Z");
        RecoveryPoints points = of(fifth, third, first, fourth, second);
        assertThat(points.all()).containsExactly(first, second, third, fourth, fifth);
        assertThat(points.newestComplete()).contains(fifth);
    }

    @Test
    void passesOverTheDamagedForTheNewestComplete() {
        RecoveryPoint complete = point(1, 1, 3, "2026-01-05T00:00:00Z");
        RecoveryPoint damaged = damaged(4, Completeness.DAMAGED);
        RecoveryPoint unknown = damaged(5, Completeness.NOT_KNOWN);
        assertThat(of(unknown, damaged, complete).newestComplete()).contains(complete);
        assertThat(of(unknown, damaged).newestComplete()).isEmpty();
        assertThat(of(unknown, damaged, complete).complete()).containsExactly(complete);
    }

    @Test
    void tellsAllInATable() {
        assertThat(of(point(1, 1, 3, "2026-01-05T10:20:30.123Z"), damaged(12, Completeness.DAMAGED))
                        .toTable())
                .isEqualTo("""
                        recovery points of job "delays": 2, 1 complete
                        epoch  attempt  id  kind                     completed             files  bytes  state     where
                        1      1        3   checkpoint, incremental  2026-01-05T10:20:30Z  3      2048   complete  file:///state/3
                        1      1        12  stop savepoint           2026-01-05T00:00:00Z  1      10     damaged   file:///state/12
                          ! file:///state/12/keyed is missing
                        """);
    }

    private static RecoveryPoints of(RecoveryPoint... points) {
        return new RecoveryPoints(new JobName("delays"), List.of(points));
    }

    private static RecoveryPoint point(long epoch, int attempt, long id, String completedAt) {
        return new RecoveryPoint(
                new AttemptId(new Epoch(epoch), attempt),
                OptionalLong.of(id),
                PointKind.CHECKPOINT,
                true,
                "file:///state/" + id,
                Instant.parse(completedAt),
                3,
                new MemorySize(2048),
                Completeness.COMPLETE,
                Optional.empty());
    }

    private static RecoveryPoint damaged(long id, Completeness completeness) {
        return new RecoveryPoint(
                new AttemptId(new Epoch(1), 1),
                OptionalLong.of(id),
                PointKind.STOP_SAVEPOINT,
                false,
                "file:///state/" + id,
                Instant.parse("2026-01-05T00:00:00Z"),
                1,
                new MemorySize(10),
                completeness,
                Optional.of("file:///state/" + id + "/keyed is missing"));
    }
}
