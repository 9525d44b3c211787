package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.LostJobs;
import io.flinkmanaged.internal.BackOff;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.LostProcess;
import io.flinkmanaged.launch.TaskManagerObservation;
import io.flinkmanaged.supervise.Decision.BeginEpoch;
import io.flinkmanaged.supervise.Decision.EndHungProcess;
import io.flinkmanaged.supervise.Decision.GiveUp;
import io.flinkmanaged.supervise.Decision.RecoverJobs;
import io.flinkmanaged.supervise.Decision.ReplaceTaskManager;
import io.flinkmanaged.supervise.Decision.RestartProcess;
import io.flinkmanaged.supervise.Decision.Wait;
import java.util.Comparator;
import java.util.Optional;

/**
 * Acts at once on what is proved, never on what is merely not known, and not without end.
 *
 * <p>A dead TaskManager is replaced; one that hangs, and any other process that does, is ended first; a dead cluster begins a new epoch. It gives up after {@value #MOST_REPLACEMENTS}
 * replacements or {@value #MOST_EPOCHS} new epochs in ten minutes, because what dies that often is not healed by doing it
 * again; and after {@value #MOST_FAILURES} failed actions in a row. Between failed actions it waits 100 ms, doubling up
 * to 20 s, so those take about seven minutes: a storage outage of minutes is survived.
 *
 * <p>Jobs that cannot be continued never make it give up a cluster that answers: each is tried again, and given up, by
 * itself.
 */
final class DefaultFailoverPolicy implements FailoverPolicy {

    static final int MOST_REPLACEMENTS = 100;
    static final int MOST_EPOCHS = 10;
    static final int MOST_FAILURES = 28;

    @Override
    public Decision decide(Situation situation) {
        ClusterObservation seen = situation.observation();
        return switch (seen.liveness()) {
            case UNKNOWN ->
                restartLost(situation)
                        .or(() -> endHung(situation))
                        .orElseGet(() ->
                                new Wait(new Health(Health.State.UNKNOWN, "it does not answer: " + seen.detail())));
            case DEAD -> beginEpoch(situation);
            case ANSWERS -> restartLost(situation).or(() -> endHung(situation)).orElseGet(() -> heal(situation));
        };
    }

    private static Decision beginEpoch(Situation situation) {
        String reason = situation.observation().detail();
        if (situation.history().succeeded(BeginEpoch.class) >= MOST_EPOCHS) {
            return new GiveUp(MOST_EPOCHS + " new epochs in " + ActionHistory.MEMORY.toMinutes()
                    + " minutes did not help: " + reason);
        }
        return unlessBackingOff(situation, new BeginEpoch(reason));
    }

    /** Peers of ZooKeeper first, because JobManagers meet there. */
    private static Optional<Decision> restartLost(Situation situation) {
        return situation.observation().lost().stream()
                .min(Comparator.comparing(LostProcess::kind).thenComparing(LostProcess::node))
                .map(lost -> {
                    String reason = "the " + lost.kind().directory() + " of " + lost.node() + " died";
                    return situation.history().succeeded(RestartProcess.class) >= MOST_REPLACEMENTS
                            ? new GiveUp(MOST_REPLACEMENTS + " processes restarted in "
                                    + ActionHistory.MEMORY.toMinutes() + " minutes: " + reason)
                            : unlessBackingOff(situation, new RestartProcess(lost.node(), lost.kind(), reason));
                });
    }

    /** Each is followed by another process in its place, which has a budget. */
    private static Optional<Decision> endHung(Situation situation) {
        return situation.observation().hung().stream()
                .findFirst()
                .map(hung -> unlessBackingOff(
                        situation,
                        new EndHungProcess(
                                hung,
                                "the " + hung.kind().directory() + " of " + hung.node() + " hangs: "
                                        + hung.evidence())));
    }

    private static Decision heal(Situation situation) {
        Optional<TaskManagerObservation> lost = situation.observation().taskManagers().stream()
                .filter(taskManager -> taskManager.death().isPresent())
                .findFirst();
        if (lost.isPresent()) {
            return replace(situation, lost.get());
        }
        return continueJobs(situation);
    }

    private static Decision continueJobs(Situation situation) {
        LostJobs lost = situation.lost();
        if (!lost.due().isEmpty()) {
            return unlessTooEarly(
                    situation,
                    new RecoverJobs("jobs of a former epoch wait to be continued: " + lost.due()),
                    situation.history().recoveriesFailedInARow());
        }
        if (!lost.waiting().isEmpty()) {
            return degraded("jobs that could not be continued yet and are tried again: " + lost.waiting());
        }
        if (!lost.givenUp().isEmpty()) {
            return degraded("jobs that could not be continued: " + lost.givenUp());
        }
        return new Wait(new Health(Health.State.HEALTHY, "all that is wanted runs"));
    }

    private static Decision degraded(String reason) {
        return new Wait(new Health(Health.State.DEGRADED, reason));
    }

    private static Decision replace(Situation situation, TaskManagerObservation lost) {
        String reason = "the TaskManager of " + lost.node() + " died";
        if (situation.history().succeeded(ReplaceTaskManager.class) >= MOST_REPLACEMENTS) {
            return new GiveUp(MOST_REPLACEMENTS + " TaskManagers replaced in " + ActionHistory.MEMORY.toMinutes()
                    + " minutes: " + reason);
        }
        return unlessBackingOff(situation, new ReplaceTaskManager(lost.node(), reason));
    }

    private static Decision unlessBackingOff(Situation situation, Decision action) {
        int failures = situation.history().failuresInARow();
        if (failures >= MOST_FAILURES) {
            return new GiveUp(failures + " actions in a row failed, the last of them because " + action.reason());
        }
        return unlessTooEarly(situation, action, failures);
    }

    private static Decision unlessTooEarly(Situation situation, Decision action, int failures) {
        long backOff = BackOff.STANDARD.after(failures).toNanos();
        long last = situation.history().lastEndedTicks();
        boolean tooEarly = last != Long.MIN_VALUE && situation.nowTicks() - last < backOff;
        return tooEarly
                ? new Wait(new Health(
                        Health.State.RECOVERING, action.reason() + "; trying again after " + failures + " failures"))
                : action;
    }
}
