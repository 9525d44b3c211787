package io.flinkmanaged.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.event.ClusterEvent.HealthChanged;
import io.flinkmanaged.event.ClusterEvent.JobRunning;
import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.event.ClusterEvent.TaskManagerLost;
import io.flinkmanaged.event.ClusterEvent.TaskManagerReplaced;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoryTest {

    private static final Instant BEGINNING = Instant.parse("2001-01-01T00:00:00Z");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Story story =
            new Story(new PrintStream(out, true, StandardCharsets.UTF_8), InstantSource.fixed(BEGINNING));

    @Test
    void tellsALossAndItsRecoveryAtTheirTimes() {
        loseAndHeal();

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "   5.0 s  LOST      the TaskManager of node 1, noticed after 3 ms",
                        "   5.1 s  REPLACED  by a new one, started in 90 ms",
                        "   5.3 s  HEALED    the job runs again from checkpoint 4, after 280 ms");
    }

    @Test
    void countsTheTimesOfARecoveryFromTheDeath() {
        loseAndHeal();

        assertThat(Recovery.in(story.events()))
                .contains(new Recovery(
                        "the TaskManager of node 1",
                        Optional.of(Duration.ofMillis(3)),
                        Optional.of(Duration.ofMillis(100)),
                        Optional.of(Duration.ofMillis(300)),
                        Optional.of(4L)));
    }

    @Test
    void knowsNoRecoveryWithoutALoss() {
        story.onEvent(running(1_000, Optional.empty()));

        assertThat(Recovery.in(story.events())).isEmpty();
    }

    @Test
    void tellsWhatItHasNoWordsForInTheEventsOwnWords() {
        story.onEvent(new OperationFailed("flights", BEGINNING, "ReplaceTaskManager", "no memory"));
        story.onEvent(new HealthChanged("flights", BEGINNING, "HEALTHY", "all that is wanted runs"));
        story.onEvent(new HealthChanged("flights", BEGINNING, "GAVE_UP", "it did not help"));

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "   0.0 s  ReplaceTaskManager failed: no memory", "   0.0 s  GAVE_UP: it did not help");
    }

    @Test
    void isSilentAfterItsEndButStillHears() {
        story.end();
        loseAndHeal();

        assertThat(out.size()).isZero();
        assertThat(story.events()).hasSize(3);
    }

    @Test
    void drawsTheProgress() {
        story.tellProgress(10_088, 20_000);

        assertThat(out.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("0.0 s  [##########..........]  50 %   10,088 flights");
    }

    private void loseAndHeal() {
        story.onEvent(new TaskManagerLost("flights", at(5_003), 1, "tm-1", at(5_000), "killed as a drill"));
        story.onEvent(new TaskManagerReplaced("flights", at(5_100), 1, "tm-2", Duration.ofMillis(90)));
        story.onEvent(running(5_300, Optional.of(Duration.ofMillis(280))));
    }

    private static JobRunning running(long millis, Optional<Duration> interruption) {
        return new JobRunning("flights", at(millis), "delays", "0", interruption.map(gap -> 4L), interruption);
    }

    private static Instant at(long millis) {
        return BEGINNING.plusMillis(millis);
    }
}
