package io.flinkmanaged.examples;

import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.JobRunning;
import io.flinkmanaged.event.ClusterEvent.TaskManagerLost;
import io.flinkmanaged.event.ClusterEvent.TaskManagerReplaced;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a lost TaskManager was healed. Every time counts from its death.
 *
 * @param node the node that lost it
 * @param detected when the library noticed
 * @param replaced when another one stood in its place; empty if it was no longer needed
 * @param running when every task ran again; empty if none had to
 * @param checkpoint what the job came back from; empty if it began anew
 */
record Recovery(
        int node,
        Duration detected,
        Optional<Duration> replaced,
        Optional<Duration> running,
        Optional<Long> checkpoint) {

    /** Finds the recovery from the first loss in a cluster's events; empty if nothing was lost. */
    static Optional<Recovery> in(List<ClusterEvent> events) {
        return first(TaskManagerLost.class, events, Instant.MIN).map(lost -> {
            Instant died = lost.diedAt();
            Optional<TaskManagerReplaced> replaced = first(TaskManagerReplaced.class, events, died);
            Optional<JobRunning> running = first(JobRunning.class, events, died);
            return new Recovery(
                    lost.node(),
                    lost.detectedAfter(),
                    replaced.map(event -> Duration.between(died, event.at())),
                    running.map(event -> Duration.between(died, event.at())),
                    running.flatMap(JobRunning::restoredCheckpoint));
        });
    }

    private static <E extends ClusterEvent> Optional<E> first(Class<E> kind, List<ClusterEvent> events, Instant after) {
        return events.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(event -> !event.at().isBefore(after))
                .findFirst();
    }
}
