package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.LostJobs;
import io.flinkmanaged.internal.BackOff;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.supervise.Decision.BeginEpoch;
import io.flinkmanaged.supervise.Decision.EndHungProcess;
import io.flinkmanaged.supervise.Decision.GiveUp;
import io.flinkmanaged.supervise.Decision.RecoverJobs;
import io.flinkmanaged.supervise.Decision.ReplaceTaskManager;
import io.flinkmanaged.supervise.Decision.RestartProcess;
import io.flinkmanaged.supervise.Decision.Wait;
import io.flinkmanaged.supervise.Losses.Loss;
import java.util.List;
import java.util.Optional;

/**
 * Acts at once on what is proved, never on what is merely not known, and not without end.
 *
 * <p>What jobs need is put back first. What they do not, a standby or a TaskManager whose slots are to spare, waits until
 * they run: a process that starts takes the processors that a recovery needs ({@link Losses}).
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
            case DEAD -> beginEpoch(situation);
            case UNKNOWN ->
                putBack(situation)
                        .or(() -> endHung(situation))
                        .orElseGet(() ->
                                new Wait(new Health(Health.State.UNKNOWN, "it does not answer: " + seen.detail())));
            case ANSWERS -> putBack(situation).or(() -> endHung(situation)).orElseGet(() -> continueJobs(situation));
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

    /** Puts back what jobs need; what only makes the next loss harmless is put back when the jobs run. */
    private static Optional<Decision> putBack(Situation situation) {
        boolean answers = situation.observation().liveness() == Liveness.ANSWERS;
        return Losses.of(situation).stream()
                // Where nobody answers, nobody could say that it was put back.
                .filter(loss -> answers || loss.kind() != Kind.TASK_MANAGER)
                .filter(loss -> !loss.canWait())
                .findFirst()
                .map(loss -> putBack(situation, loss));
    }

    private static Decision putBack(Situation situation, Loss loss) {
        String reason = loss.text() + " died";
        boolean isTaskManager = loss.kind() == Kind.TASK_MANAGER;
        Class<? extends Decision> action = isTaskManager ? ReplaceTaskManager.class : RestartProcess.class;
        if (situation.history().succeeded(action) >= MOST_REPLACEMENTS) {
            return new GiveUp(MOST_REPLACEMENTS + (isTaskManager ? " TaskManagers replaced" : " processes restarted")
                    + " in " + ActionHistory.MEMORY.toMinutes() + " minutes: " + reason);
        }
        return unlessBackingOff(
                situation,
                isTaskManager
                        ? new ReplaceTaskManager(loss.node(), reason)
                        : new RestartProcess(loss.node(), loss.kind(), reason));
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
        List<Loss> losses = Losses.of(situation);
        if (!losses.isEmpty()) {
            return degraded(
                    losses.get(0).text() + " died; it is put back when the jobs run again, which do not need it");
        }
        return new Wait(new Health(Health.State.HEALTHY, "all that is wanted runs"));
    }

    private static Decision degraded(String reason) {
        return new Wait(new Health(Health.State.DEGRADED, reason));
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
