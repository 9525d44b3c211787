package io.flinkmanaged.examples;

import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.EpochFailed;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.event.ClusterEvent.JobRunning;
import io.flinkmanaged.event.ClusterEvent.ProcessLost;
import io.flinkmanaged.event.ClusterEvent.ProcessRestarted;
import io.flinkmanaged.event.ClusterEvent.TaskManagerLost;
import io.flinkmanaged.event.ClusterEvent.TaskManagerReplaced;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a loss was healed. Every time counts from it.
 *
 * @param lost what was lost
 * @param detected when the library noticed; empty if it was told
 * @param replaced when something else stood in its place; empty if it was no longer needed
 * @param running when every task ran again; empty if none had to
 * @param checkpoint what the job came back from; empty if it began anew
 */
record Recovery(
        String lost,
        Optional<Duration> detected,
        Optional<Duration> replaced,
        Optional<Duration> running,
        Optional<Long> checkpoint) {

    /** Finds the recovery from the first loss in a cluster's events; empty if nothing was lost. */
    static Optional<Recovery> in(List<ClusterEvent> events) {
        return events.stream()
                .flatMap(event -> lost(event).stream())
                .findFirst()
                .map(lost -> {
                    Instant died = lost.diedAt();
                    Optional<JobRunning> running = first(JobRunning.class, events, died);
                    boolean all = first(EpochStarted.class, events, died).isPresent();
                    return new Recovery(
                            all ? "the whole cluster" : lost.what(),
                            lost.seenAt().map(at -> Duration.between(died, at)),
                            events.stream()
                                    .filter(event ->
                                            isReplacement(event) && !event.at().isBefore(died))
                                    .findFirst()
                                    .map(event -> Duration.between(died, event.at())),
                            running.map(event -> Duration.between(died, event.at())),
                            running.flatMap(JobRunning::restoredCheckpoint));
                });
    }

    private static Optional<Lost> lost(ClusterEvent event) {
        if (event instanceof TaskManagerLost lost) {
            return Optional.of(
                    new Lost("the TaskManager of node " + lost.node(), lost.diedAt(), Optional.of(lost.at())));
        }
        if (event instanceof ProcessLost lost) {
            return Optional.of(new Lost(
                    "the " + lost.process() + " of node " + lost.node(), lost.diedAt(), Optional.of(lost.at())));
        }
        return event instanceof EpochFailed failed
                ? Optional.of(new Lost("the whole cluster", failed.at(), Optional.empty()))
                : Optional.empty();
    }

    private static boolean isReplacement(ClusterEvent event) {
        return event instanceof TaskManagerReplaced
                || event instanceof ProcessRestarted
                || event instanceof EpochStarted;
    }

    /** Tells how everything but the storage was lost at a time, and the cluster rebuilt. */
    static Optional<Recovery> fromTheStorage(List<ClusterEvent> events, Instant died) {
        Optional<JobRunning> running = first(JobRunning.class, events, died);
        return Optional.of(new Recovery(
                "everything but the state storage",
                Optional.empty(),
                first(EpochStarted.class, events, died).map(event -> Duration.between(died, event.at())),
                running.map(event -> Duration.between(died, event.at())),
                running.flatMap(JobRunning::restoredCheckpoint)));
    }

    private static <E extends ClusterEvent> Optional<E> first(Class<E> kind, List<ClusterEvent> events, Instant after) {
        return events.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(event -> !event.at().isBefore(after))
                .findFirst();
    }

    private record Lost(String what, Instant diedAt, Optional<Instant> seenAt) {}
}
