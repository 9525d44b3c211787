package io.flinkmanaged.cluster;

import io.flinkmanaged.internal.BackOff;

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
 */
record RecoveryBudget(int failures, int refusals, long lastTicks) {

    static final int MOST_REFUSALS = 28;

    /** Nothing failed yet. */
    static final RecoveryBudget WHOLE = new RecoveryBudget(0, 0, 0);

    /** Returns whether the job may be tried at a time. */
    boolean allows(long nowTicks) {
        return failures == 0
                || nowTicks - lastTicks >= BackOff.STANDARD.after(failures).toNanos();
    }

    /** Returns whether the job is to be given up. */
    boolean isSpent() {
        return refusals >= MOST_REFUSALS;
    }

    RecoveryBudget afterRefusal(long nowTicks) {
        return new RecoveryBudget(failures + 1, refusals + 1, nowTicks);
    }

    RecoveryBudget afterFailure(long nowTicks) {
        return new RecoveryBudget(failures + 1, refusals, nowTicks);
    }
}
