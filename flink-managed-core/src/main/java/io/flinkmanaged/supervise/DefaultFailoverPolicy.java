package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.LostJobs;
import io.flinkmanaged.internal.BackOff;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.supervise.ActionHistory.Action;
import io.flinkmanaged.supervise.Decision.BeginEpoch;
import io.flinkmanaged.supervise.Decision.EndHungProcess;
import io.flinkmanaged.supervise.Decision.GiveUp;
import io.flinkmanaged.supervise.Decision.Place;
import io.flinkmanaged.supervise.Decision.QuarantineJob;
import io.flinkmanaged.supervise.Decision.RecoverJobs;
import io.flinkmanaged.supervise.Decision.ReplaceTaskManager;
import io.flinkmanaged.supervise.Decision.RestartProcess;
import io.flinkmanaged.supervise.Decision.Wait;
import io.flinkmanaged.supervise.Losses.Loss;
import java.time.Duration;
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
 * to 20 s, so those take about seven minutes. While the state storage is known to be away, no epoch begins and nothing is
 * counted, however long that takes.
 *
 * <p>A process that is put back and dies within half a minute, twice in a row and more, is put back after a pause of one
 * second, doubling up to 20 s: its disk is full, or a stranger has taken its port, and that may pass.
 *
 * <p>JobManagers that die at each start, while the state storage answers, find gone or damaged what a former one has left for
 * them, or their port taken. After {@value #MOST_SHORT_LIVES} such lives in a row, with no other JobManager alive, a new epoch begins, which reads
 * nothing of it.
 *
 * <p>A node that is cut off is waited for: what happens there nobody can see or change, and Flink itself sees to it that the
 * smaller part of a cluster does nothing. So is a process that lives and of which nothing is heard, as long as that proves
 * nothing: the cluster is DEGRADED until it does its part, or is known to hang.
 *
 * <p>A job that fails {@value #MOST_SAME_FAILURES} times in a row for one reason, in ten minutes or more, with no checkpoint
 * in between and by no fault of what it runs on, is quarantined: restarting it does not help, and the others pay for it. Such
 * a failure may also be that of a service which the job needs, and that comes back by itself; hence the ten minutes. From the
 * third failure on the cluster is DEGRADED; also if it is what the job runs on that fails, and no death explains it.
 *
 * <p>Jobs that cannot be continued never make it give up a cluster that answers: each is tried again, and given up, by
 * itself.
 */
final class DefaultFailoverPolicy implements FailoverPolicy {

    static final int MOST_REPLACEMENTS = 100;
    static final int MOST_EPOCHS = 10;
    static final int MOST_FAILURES = 28;
    static final int MOST_SAME_FAILURES = 10;
    static final Duration SAME_FAILURES_FOR = Duration.ofMinutes(10);
    static final Duration LONG_LIFE = Duration.ofSeconds(30);
    static final int MOST_SHORT_LIVES = 4;
    private static final BackOff OF_SHORT_LIVES = new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(20));

    private final int mostSameFailures;
    private final Duration sameFailuresFor;

    DefaultFailoverPolicy(int mostSameFailures, Duration sameFailuresFor) {
        this.mostSameFailures = mostSameFailures;
        this.sameFailuresFor = sameFailuresFor;
    }

    @Override
    public Decision decide(Situation situation) {
        ClusterObservation seen = situation.observation();
        return switch (seen.liveness()) {
            case DEAD -> beginEpoch(situation, seen.detail());
            case UNKNOWN ->
                putBack(situation)
                        .or(() -> endHung(situation))
                        .orElseGet(() ->
                                new Wait(new Health(Health.State.UNKNOWN, "it does not answer: " + seen.detail())));
            case ANSWERS ->
                putBack(situation)
                        .or(() -> endHung(situation))
                        .or(() -> quarantine(situation))
                        .orElseGet(() -> continueJobs(situation));
        };
    }

    private static Decision beginEpoch(Situation situation, String reason) {
        if (situation.storageOutage().isPresent()) {
            return new Wait(new Health(
                    Health.State.RECOVERING,
                    reason + "; a new epoch begins when the state storage answers: "
                            + situation.storageOutage().get()));
        }
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
        Optional<Action> lastStart = situation.history().lastStart(new Place(loss.node(), loss.kind()));
        long diedTicks = situation.nowTicks() - loss.age().toNanos();
        int shortLives = lastStart
                .filter(start -> diedTicks - start.endedTicks() < LONG_LIFE.toNanos())
                .map(start -> start.decision().shortLives() + 1)
                .orElse(0);
        if (loss.kind() == Kind.JOB_MANAGER
                && shortLives >= MOST_SHORT_LIVES
                && lastStart.filter(start -> findsDamage(situation, start)).isPresent()) {
            return beginEpoch(
                    situation,
                    reason + " " + shortLives + " times in a row soon after its start, no other one lives, and the "
                            + "storage answers: what was left for it is gone or damaged, or somebody has its port. Look at its "
                            + "log");
        }
        // Once is chance. One that dies at once, again and again, has a cause that lasts.
        long pause = OF_SHORT_LIVES.after(shortLives - 1).toNanos();
        if (lastStart.isPresent() && situation.nowTicks() - lastStart.get().endedTicks() < pause) {
            return degraded(loss.text() + " died " + shortLives + " times in a row soon after its start; it is started "
                    + "again, less and less often. Look at its log");
        }
        return unlessBackingOff(
                situation,
                isTaskManager
                        ? new ReplaceTaskManager(loss.node(), shortLives, reason)
                        : new RestartProcess(loss.node(), loss.kind(), shortLives, reason));
    }

    /**
     * Nobody leads or could, and the storage has answered since before the last one was started: then it was not out of its
     * reach.
     */
    private static boolean findsDamage(Situation situation, Action lastStart) {
        ClusterObservation seen = situation.observation();
        long lost = seen.lost().stream()
                .filter(one -> one.kind() == Kind.JOB_MANAGER)
                .count();
        return seen.liveness() == Liveness.UNKNOWN
                && lost == seen.taskManagers().size()
                && situation.storageAnswering().toNanos() > situation.nowTicks() - lastStart.endedTicks();
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

    private Optional<Decision> quarantine(Situation situation) {
        return situation.failing().stream()
                .filter(job -> !job.ofInfrastructure())
                .filter(job ->
                        job.failures() >= mostSameFailures && job.lasting().compareTo(sameFailuresFor) >= 0)
                .findFirst()
                .map(job -> unlessTooEarly(
                        situation,
                        new QuarantineJob(job, job.text()),
                        situation.history().recoveriesFailedInARow()));
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
        Optional<RepeatedFailure> failing = situation.failing().stream()
                .filter(RepeatedFailure::isWorthTelling)
                .findFirst();
        if (failing.isPresent()) {
            return degraded(failing.get().text());
        }
        if (!situation.stale().isEmpty()) {
            return degraded(situation.stale().get(0).text());
        }
        if (!lost.quarantined().isEmpty()) {
            return degraded("jobs in quarantine, until they are submitted again: " + lost.quarantined());
        }
        List<Loss> losses = Losses.of(situation);
        if (!losses.isEmpty()) {
            return degraded(
                    losses.get(0).text() + " died; it is put back when the jobs run again, which do not need it");
        }
        List<NodeId> cutOff = situation.observation().cutOff();
        if (!cutOff.isEmpty()) {
            return degraded("nobody hears of " + cutOff
                    + ", and nothing proves it dead; Flink goes on without it. Look at its machine and its network");
        }
        return situation.observation().silent().stream()
                .findFirst()
                .map(silent -> degraded("the " + silent.kind().directory() + " of " + silent.node()
                        + " lives and is waited for: " + silent.evidence()))
                .orElseGet(() -> new Wait(new Health(Health.State.HEALTHY, "all that is wanted runs")));
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
