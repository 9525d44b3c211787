package io.flinkmanaged.supervise;

import io.flinkmanaged.supervise.Decision.BeginEpoch;
import io.flinkmanaged.supervise.Decision.Place;
import io.flinkmanaged.supervise.Decision.QuarantineJob;
import io.flinkmanaged.supervise.Decision.RecoverJobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The actions that were taken on a cluster lately.
 *
 * @param actions the actions of the last ten minutes, oldest first
 * @param failuresInARow how many actions on the cluster failed since one succeeded, however long ago: slow failures count
 *     too. Those that only continue or end jobs are counted apart, because the cluster lives
 * @param recoveriesFailedInARow how many actions that continue or end jobs failed since one succeeded
 */
public record ActionHistory(List<Action> actions, int failuresInARow, int recoveriesFailedInARow) {

    /** No action yet. */
    public static final ActionHistory EMPTY = new ActionHistory(List.of(), 0, 0);

    /** How long an action is remembered. */
    static final Duration MEMORY = Duration.ofMinutes(10);

    /** Keeps a copy. */
    public ActionHistory {
        actions = List.copyOf(actions);
    }

    /**
     * Returns how many actions of a kind succeeded.
     *
     * @param kind the kind of decision
     */
    public int succeeded(Class<? extends Decision> kind) {
        return (int) actions.stream()
                .filter(action -> action.kind() == kind && !action.failed())
                .count();
    }

    /**
     * Returns when the last action ended.
     *
     * @return ticks of the time source, or {@link Long#MIN_VALUE} if none is remembered
     */
    public long lastEndedTicks() {
        return actions.isEmpty()
                ? Long.MIN_VALUE
                : actions.get(actions.size() - 1).endedTicks();
    }

    /**
     * Returns by what a process was started last: put back with success, or with a whole epoch that the supervisor
     * began. What became of the one in that place in a former epoch says nothing of this one.
     *
     * @param process which
     */
    Optional<Action> lastStart(Place process) {
        return actions.stream()
                .filter(action -> action.kind() == BeginEpoch.class || (!action.failed() && puts(action, process)))
                .reduce((earlier, later) -> later);
    }

    private static boolean puts(Action action, Place process) {
        return action.decision().place().equals(Optional.of(process));
    }

    /** Returns what is remembered of this at a later time. */
    ActionHistory since(long nowTicks) {
        List<Action> remembered = actions.stream()
                .filter(action -> nowTicks - action.endedTicks() <= MEMORY.toNanos())
                .toList();
        return new ActionHistory(remembered, failuresInARow, recoveriesFailedInARow);
    }

    ActionHistory with(Action action) {
        List<Action> next = new ArrayList<>(since(action.endedTicks()).actions);
        next.add(action);
        return action.kind() == RecoverJobs.class || action.kind() == QuarantineJob.class
                ? new ActionHistory(next, failuresInARow, action.failed() ? recoveriesFailedInARow + 1 : 0)
                : new ActionHistory(next, action.failed() ? failuresInARow + 1 : 0, recoveriesFailedInARow);
    }

    /**
     * An action that was taken.
     *
     * @param decision to do what
     * @param endedTicks when it ended, in ticks of the time source
     * @param failed whether it failed
     */
    public record Action(Decision decision, long endedTicks, boolean failed) {

        /** Returns the kind of decision. */
        public Class<? extends Decision> kind() {
            return decision.getClass();
        }
    }
}
