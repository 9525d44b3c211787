package io.flinkmanaged.examples;

import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.event.ClusterEvent.HealthChanged;
import io.flinkmanaged.event.ClusterEvent.JobEnded;
import io.flinkmanaged.event.ClusterEvent.JobInterrupted;
import io.flinkmanaged.event.ClusterEvent.JobRunning;
import io.flinkmanaged.event.ClusterEvent.JobSubmitted;
import io.flinkmanaged.event.ClusterEvent.SpecNotKept;
import io.flinkmanaged.event.ClusterEvent.TaskManagerLost;
import io.flinkmanaged.event.ClusterEvent.TaskManagerReplaced;
import io.flinkmanaged.event.ClusterEventListener;
import io.flinkmanaged.supervise.Health;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.common.JobStatus;

/** Tells a person what happens, a line each, with the seconds since the beginning. Thread-safe. */
final class Story implements ClusterEventListener {

    private static final int BAR = 20;

    private final PrintStream out;
    private final InstantSource clock;
    private final Instant beginning;
    private final List<ClusterEvent> events = new CopyOnWriteArrayList<>();
    private volatile boolean over;

    Story(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
        this.beginning = clock.instant();
    }

    /** Tells something that happens now. */
    void tell(String sentence) {
        tell(clock.instant(), sentence);
    }

    /** Tells how far the flights are. */
    void tellProgress(long passed, long flights) {
        int filled = (int) (BAR * passed / flights);
        tell(String.format(
                Locale.ROOT,
                "[%s%s] %3d %%   %,6d flights",
                "#".repeat(filled),
                ".".repeat(BAR - filled),
                100 * passed / flights,
                passed));
    }

    /** Ends the story: what is still heard is kept, but not told. */
    void end() {
        over = true;
    }

    /** Returns what was heard so far, in order. */
    List<ClusterEvent> events() {
        return List.copyOf(events);
    }

    /** Returns the time. */
    Instant now() {
        return clock.instant();
    }

    /** Returns the time since the beginning. */
    Duration sinceBeginning() {
        return Duration.between(beginning, clock.instant());
    }

    @Override
    public void onEvent(ClusterEvent event) {
        events.add(event);
        if (!over) {
            sentence(event).ifPresent(text -> tell(event.at(), text));
        }
    }

    private void tell(Instant at, String sentence) {
        double seconds = Duration.between(beginning, at).toMillis() / 1000.0;
        out.printf(Locale.ROOT, "%6.1f s  %s%n", seconds, sentence);
    }

    /** Puts into words what a person waits for; other events say themselves what they are. */
    private static Optional<String> sentence(ClusterEvent event) {
        if (event instanceof EpochStarted started) {
            return Optional.of("The cluster is up. Web UI: " + started.webUi());
        }
        if (event instanceof TaskManagerLost lost) {
            return Optional.of("LOST      the TaskManager of node " + lost.node() + ", noticed after "
                    + lost.detectedAfter().toMillis() + " ms");
        }
        if (event instanceof TaskManagerReplaced replaced) {
            return Optional.of(
                    "REPLACED  by a new one, started in " + replaced.took().toMillis() + " ms");
        }
        if (event instanceof JobRunning running) {
            return Optional.of(sentence(running));
        }
        return isSaidAlready(event) ? Optional.empty() : Optional.of(event.text());
    }

    /** The log has these too; here they would say what another line says. */
    private static boolean isSaidAlready(ClusterEvent event) {
        if (event instanceof JobEnded ended) {
            return ended.status().equals(JobStatus.FINISHED.name());
        }
        if (event instanceof HealthChanged changed) {
            return !changed.health().equals(Health.State.GAVE_UP.name());
        }
        return event instanceof SpecNotKept || event instanceof JobSubmitted || event instanceof JobInterrupted;
    }

    private static String sentence(JobRunning running) {
        String from = running.restoredCheckpoint()
                .map(checkpoint -> "checkpoint " + checkpoint)
                .orElse("the beginning");
        return running.interruption()
                .map(gap -> "HEALED    the job runs again from " + from + ", after " + gap.toMillis() + " ms")
                .orElse("The job runs.");
    }
}
