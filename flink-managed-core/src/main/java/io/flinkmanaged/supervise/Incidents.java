package io.flinkmanaged.supervise;

import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.IncidentClosed;
import io.flinkmanaged.event.ClusterEvent.JobInterrupted;
import io.flinkmanaged.event.ClusterEvent.ProcessHung;
import io.flinkmanaged.event.ClusterEvent.ProcessLost;
import io.flinkmanaged.event.ClusterEvent.TaskManagerLost;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.supervise.ClusterWatch.Return;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;

/**
 * The incidents of one cluster, made of what its supervision sees and does. Belongs to the supervisor's loop, but for {@link
 * #latest}.
 */
final class Incidents {

    /** So many are kept. */
    static final int KEPT = 100;

    /** So long after its close a job that is interrupted belongs to an incident: Flink notices deaths later than we do. */
    static final Duration AFTERMATH = Duration.ofSeconds(5);

    /** So long after its close it is looked for checkpoints. */
    static final Duration CAUGHT_UP_WITHIN = Duration.ofMinutes(10);

    private final TimeSource time;
    private final Consumer<ClusterEvent> events;
    /** The newest first; at most the first one is open. */
    private final Deque<Incident> incidents = new ArrayDeque<>();
    /** The jobs that came back, with the newest checkpoint that they had then. */
    private final Map<JobID, Optional<Long>> awaited = new HashMap<>();

    /** Of the newest one; before the first, of none. */
    private Since began;
    /** Since when all runs, after the newest one that is closed. */
    private Since running;

    private long count;
    private volatile List<Incident> latest = List.of();

    Incidents(TimeSource time, Consumer<ClusterEvent> events) {
        this.time = time;
        this.began = Since.now(time);
        this.running = began;
        this.events = events;
    }

    /** Returns the latest, the newest first; any thread. */
    List<Incident> latest() {
        return latest;
    }

    /** Returns the jobs that came back and are to complete a checkpoint, with the newest one that they had then. */
    Map<JobID, Optional<Long>> awaited() {
        return Map.copyOf(awaited);
    }

    /** Takes what a look told. */
    void saw(List<ClusterEvent> told, List<Return> returns) {
        for (ClusterEvent event : told) {
            if (open().isPresent()) {
                replace(incidents.getFirst().followedBy(event));
            } else if (died(event).isPresent()) {
                begin(event);
            } else if (event instanceof JobInterrupted) {
                interrupted(event);
            }
        }
        if (open().isPresent()) {
            for (Return back : returns) {
                awaited.put(back.jobId(), back.completed());
                replace(incidents.getFirst().with(back.reprocessed()));
            }
        }
    }

    /** Something is about to be done because something is wrong; if nothing was so far, an event says what. */
    void decided(ClusterEvent health) {
        if (open().isEmpty()) {
            begin(health);
        }
        acts(health.at());
    }

    /** Something is about to be done. */
    void acts(Instant now) {
        open().ifPresent(incident -> replace(incident.with(incident.timeline().decidedAt(now))));
    }

    /** An action was done. */
    void acted(Instant now) {
        open().ifPresent(incident -> replace(incident.with(incident.timeline().actedAt(now))));
    }

    /** Something else was told that belongs to it: an action has failed, or the cluster's health has changed. */
    void followedBy(ClusterEvent event) {
        open().ifPresent(incident -> replace(incident.followedBy(event)));
    }

    /** All that is wanted runs, and nothing is to be done. */
    void allRuns() {
        open().ifPresent(incident -> {
            running = Since.now(time);
            replace(incident.with(incident.timeline().runningAt(running.at())).open(false));
            events.accept(new IncidentClosed(
                    incident.cluster(), running.at(), incident.number(), incident.cause(), began.lasts(time)));
        });
    }

    /** Some of the awaited jobs have completed a checkpoint since they came back, or have ended. */
    void advanced(Set<JobID> jobs) {
        if (awaited.isEmpty() || open().isPresent()) {
            return;
        }
        awaited.keySet().removeAll(jobs);
        Incident last = incidents.getFirst();
        if (awaited.isEmpty()) {
            replace(last.with(last.timeline().caughtUpAt(time.now())));
        } else if (isOlder(CAUGHT_UP_WITHIN)) {
            awaited.clear();
        }
    }

    private void begin(ClusterEvent root) {
        awaited.clear();
        count++;
        Incident begun = Incident.begun(count, root, died(root));
        began = Since.of(begun.timeline().began(), time);
        incidents.addFirst(begun);
        if (incidents.size() > KEPT) {
            Incident unused = incidents.removeLast();
        }
        latest = List.copyOf(incidents);
    }

    private void interrupted(ClusterEvent interruption) {
        Optional<Incident> cause = Optional.ofNullable(incidents.peekFirst())
                .filter(last -> died(last.root()).isPresent())
                .filter(last -> !isOlder(AFTERMATH));
        cause.ifPresentOrElse(last -> replace(last.open(true).followedBy(interruption)), () -> begin(interruption));
    }

    private boolean isOlder(Duration than) {
        return running.lasts(time).compareTo(than) > 0;
    }

    /** Returns when a process died or began to hang, if that is what an event tells. */
    private static Optional<Instant> died(ClusterEvent event) {
        if (event instanceof TaskManagerLost lost) {
            return Optional.of(lost.diedAt());
        }
        if (event instanceof ProcessLost lost) {
            return Optional.of(lost.diedAt());
        }
        return event instanceof ProcessHung hung ? Optional.of(hung.since()) : Optional.empty();
    }

    private Optional<Incident> open() {
        return Optional.ofNullable(incidents.peekFirst()).filter(Incident::open);
    }

    /** Puts another state in the place of the newest one. */
    private void replace(Incident next) {
        Incident unused = incidents.removeFirst();
        incidents.addFirst(next);
        latest = List.copyOf(incidents);
    }
}
