package io.flinkmanaged.cluster;

import io.flinkmanaged.internal.BackOff;
import java.time.Duration;

/**
 * What a lost job may still cost: when its continuation may be tried again, and when enough is enough.
 *
 * <p>Only Flink's refusals spend it, {@value #MOST_REFUSALS} of them in about seven minutes: Flink may refuse because
 * its own storage is away for minutes. A storage that does not answer, or a submission that is not answered, says nothing
 * of the job, and is tried again without end. Every epoch begins with a new budget.
 *
 * @param failures how often it failed, for whatever reason
 * @param refusals how often Flink refused the job
 * @param lastTicks when it failed last, in ticks of the time source
 * @param pause how long after that it may be tried again
 */
record RecoveryBudget(int failures, int refusals, long lastTicks, Duration pause) {

    static final int MOST_REFUSALS = 28;

    /** Nothing failed yet. */
    static final RecoveryBudget WHOLE = new RecoveryBudget(0, 0, 0, Duration.ZERO);

    /** Returns one of which nothing is spent, with a pause from a time on. */
    static RecoveryBudget pausing(long nowTicks, Duration pause) {
        return new RecoveryBudget(0, 0, nowTicks, pause);
    }

    /** Returns whether the job may be tried at a time. */
    boolean allows(long nowTicks) {
        return pause.isZero() || nowTicks - lastTicks >= pause.toNanos();
    }

    /** Returns whether the job is to be given up. */
    boolean isSpent() {
        return refusals >= MOST_REFUSALS;
    }

    RecoveryBudget afterRefusal(long nowTicks) {
        return after(failures + 1, refusals + 1, nowTicks);
    }

    RecoveryBudget afterFailure(long nowTicks) {
        return after(failures + 1, refusals, nowTicks);
    }

    private static RecoveryBudget after(int failures, int refusals, long nowTicks) {
        return new RecoveryBudget(failures, refusals, nowTicks, BackOff.STANDARD.after(failures));
    }
}
