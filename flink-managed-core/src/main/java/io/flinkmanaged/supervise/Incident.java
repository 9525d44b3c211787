package io.flinkmanaged.supervise;

import io.flinkmanaged.event.ClusterEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Something that went wrong with a cluster, from its first sign until everything that is wanted ran again; {@link #toString}
 * prints it for people.
 *
 * @param number counts the cluster's incidents since this process supervises it, from 1
 * @param cluster the cluster
 * @param root what was seen first: the cause, as far as is known
 * @param consequences what was seen and done until it was closed, in order; the first 200
 * @param timeline its milestones
 * @param reprocessed what jobs did twice because of it, in order of their return
 * @param open whether something of it is still to be healed
 */
public record Incident(
        long number,
        String cluster,
        ClusterEvent root,
        List<ClusterEvent> consequences,
        Timeline timeline,
        List<Reprocessed> reprocessed,
        boolean open) {

    /** One that goes on for days must not fill the memory. */
    private static final int MOST = 200;

    /** Keeps copies. */
    public Incident {
        consequences = List.copyOf(consequences);
        reprocessed = List.copyOf(reprocessed);
    }

    /** Returns one that has only begun. */
    static Incident begun(long number, ClusterEvent root, Optional<Instant> died) {
        Timeline timeline =
                new Timeline(died, root.at(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        return new Incident(number, root.cluster(), root, List.of(), timeline, List.of(), true);
    }

    Incident followedBy(ClusterEvent consequence) {
        return new Incident(number, cluster, root, and(consequences, consequence), timeline, reprocessed, open);
    }

    Incident with(Reprocessed job) {
        return new Incident(number, cluster, root, consequences, timeline, and(reprocessed, job), open);
    }

    Incident with(Timeline next) {
        return new Incident(number, cluster, root, consequences, next, reprocessed, open);
    }

    Incident open(boolean isOpen) {
        return new Incident(number, cluster, root, consequences, timeline, reprocessed, isOpen);
    }

    private static <T> List<T> and(List<T> some, T another) {
        return some.size() >= MOST
                ? some
                : Stream.concat(some.stream(), Stream.of(another)).toList();
    }

    /** Returns the cause as a sentence. */
    public String cause() {
        return root.text();
    }

    /** Returns a line for each milestone, consequence and job. */
    @Override
    public String toString() {
        Stream<String> lines = Stream.of(
                        Stream.of("incident " + number + " of cluster " + cluster + (open ? ", open: " : ", closed: ")
                                + cause()),
                        timeline.lines(),
                        consequences.stream().map(event -> "  " + event.at() + "  " + event.text()),
                        reprocessed.stream().map(job -> "  " + job.text()))
                .flatMap(part -> part);
        return String.join("\n", lines.toList());
    }

    /**
     * When an incident came to what; a milestone that is not known, or has not been reached, is empty.
     *
     * @param died when the first process died, as its witness says
     * @param detected when the first sign was seen
     * @param decided when the supervisor first decided to act
     * @param acted when its last action was done
     * @param running when everything that is wanted ran again
     * @param caughtUp when each job that was interrupted had completed a checkpoint after that: from then on, nothing that
     *     was processed since is processed again
     */
    public record Timeline(
            Optional<Instant> died,
            Instant detected,
            Optional<Instant> decided,
            Optional<Instant> acted,
            Optional<Instant> running,
            Optional<Instant> caughtUp) {

        Timeline decidedAt(Instant at) {
            return new Timeline(died, detected, decided.or(() -> Optional.of(at)), acted, running, caughtUp);
        }

        Timeline actedAt(Instant at) {
            return new Timeline(died, detected, decided, Optional.of(at), running, caughtUp);
        }

        Timeline runningAt(Instant at) {
            return new Timeline(died, detected, decided, acted, Optional.of(at), Optional.empty());
        }

        Timeline caughtUpAt(Instant at) {
            return new Timeline(died, detected, decided, acted, running, Optional.of(at));
        }

        /** Returns when it began, as far as is known. */
        Instant began() {
            return died.orElse(detected);
        }

        private Stream<String> lines() {
            return Stream.of(
                            line("died", died),
                            line("detected", Optional.of(detected)),
                            line("decided", decided),
                            line("acted", acted),
                            line("running", running),
                            line("caught up", caughtUp))
                    .flatMap(Optional::stream);
        }

        private Optional<String> line(String what, Optional<Instant> at) {
            return at.map(instant -> "  " + instant + "  " + what + ", +"
                    + Duration.between(began(), instant).toMillis() + " ms");
        }
    }

    /**
     * What a job did twice.
     *
     * @param job its name
     * @param restoredCheckpoint what it went on from; empty if it began with its starting point, or that is not known
     * @param span from that checkpoint's completion, by Flink's clock, to the interruption, by the library's: what came in
     *     between was processed again. Empty if Flink does not know any more when it was completed
     */
    public record Reprocessed(String job, Optional<Long> restoredCheckpoint, Optional<Duration> span) {

        private String text() {
            return "job \"" + job + "\" went on from "
                    + restoredCheckpoint.map(id -> "checkpoint " + id).orElse("where it began")
                    + span.map(twice -> ", " + twice.toMillis() + " ms were processed again")
                            .orElse("");
        }
    }
}
