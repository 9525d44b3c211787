package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.cluster.RunningEpoch;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.supervise.ActionHistory.Action;
import io.flinkmanaged.supervise.Decision.BeginEpoch;
import io.flinkmanaged.supervise.Decision.EndHungProcess;
import io.flinkmanaged.supervise.Decision.QuarantineJob;
import io.flinkmanaged.supervise.Decision.RecoverJobs;
import io.flinkmanaged.supervise.Decision.ReplaceTaskManager;
import io.flinkmanaged.supervise.Decision.RestartProcess;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the supervision does to its cluster: each action in the cluster's lane, one at a time, and remembered. Belongs to the
 * supervisor's loop.
 */
final class Actions {

    private final Cluster cluster;
    private final TimeSource time;
    private final Executor loop;
    private final Tally tally;
    private final Listener listener;

    private ActionHistory history = ActionHistory.EMPTY;
    private boolean underWay;

    Actions(Cluster cluster, TimeSource time, Executor loop, Tally tally, Listener listener) {
        this.cluster = cluster;
        this.time = time;
        this.loop = loop;
        this.tally = tally;
        this.listener = listener;
    }

    /** Returns whether one was begun and has not ended. */
    boolean isUnderWay() {
        return underWay;
    }

    /** Returns those of late. */
    ActionHistory history() {
        return history.since(time.ticks());
    }

    /**
     * Does what was decided, when the cluster's lane comes to it. What waited there behind another operation, and is about an
     * epoch that this one ended, is not done.
     *
     * @param decision what
     * @param seen the epoch that it was decided for
     */
    void begin(Decision decision, Optional<Epoch> seen) {
        Runnable operation = operation(decision);
        underWay = true;
        tally.actions.increment();
        CompletableFuture<Void> unused = cluster.lane()
                .run(() -> {
                    boolean stillSo = cluster.current().map(RunningEpoch::epoch).equals(seen);
                    if (stillSo) {
                        operation.run();
                    }
                    return stillSo;
                })
                .handle((done, failure) -> {
                    loop.execute(() -> ended(decision, failure != null || done, failure));
                    return null;
                });
    }

    private Runnable operation(Decision decision) {
        if (decision instanceof ReplaceTaskManager replace) {
            return () -> cluster.replaceTaskManager(replace.node());
        } else if (decision instanceof RestartProcess restart) {
            return () -> cluster.restart(restart.node(), restart.kind());
        } else if (decision instanceof EndHungProcess end) {
            return () -> cluster.end(end.hung());
        } else if (decision instanceof BeginEpoch) {
            return cluster::beginEpochForJobs;
        } else if (decision instanceof RecoverJobs) {
            return () -> cluster.jobs().recover(cluster.requireCurrent());
        } else if (decision instanceof QuarantineJob quarantine) {
            return () -> quarantine(quarantine.failure());
        }
        throw new IllegalArgumentException(decision + " is no action");
    }

    private void quarantine(RepeatedFailure failure) {
        cluster.jobs().quarantine(failure.jobId(), failure.fingerprint(), failure.failures());
    }

    private void ended(Decision decision, boolean tried, @Nullable Throwable failure) {
        underWay = false;
        if (failure != null) {
            tally.actionsFailed.increment();
        }
        if (tried) {
            history = history.with(new Action(decision, time.ticks(), failure != null));
        }
        listener.ended(decision, tried, failure);
    }

    /** Hears of actions. */
    interface Listener {

        /**
         * One has ended. Called on the loop.
         *
         * @param decision what was decided
         * @param tried whether anything was done about it: its epoch still ran
         * @param failure why it failed, if it has
         */
        void ended(Decision decision, boolean tried, @Nullable Throwable failure);
    }
}
