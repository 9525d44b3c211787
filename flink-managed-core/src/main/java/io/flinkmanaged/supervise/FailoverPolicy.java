package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.FailedJob;
import io.flinkmanaged.model.InvalidInputException;
import java.time.Duration;
import java.util.Optional;

/** Decides what to do about a cluster. */
@FunctionalInterface
public interface FailoverPolicy {

    /**
     * Decides. A pure function: called for every observation of every cluster, on threads of the library's pool, two at a time.
     * It must not block: after half a minute its thread is interrupted. Then, and if it throws, nothing is done, and the
     * cluster's health says why.
     *
     * @param situation what is known
     * @return what to do
     */
    Decision decide(Situation situation);

    /**
     * Decides whether a job that Flink has given up is begun again, from its newest complete checkpoint, as one that was lost. A
     * pure function: called like {@link #decide}, before anybody is told of the end. By default it is not: a strategy that
     * gives up was chosen for that, since the default one of the library outlasts what passes.
     *
     * @param failed the job, why it failed and how often it has lately
     * @return after which pause it is begun again: one that is zero or short is as long as the back-off of {@code
     *     failed.agesOfFailures()}, 100 ms up to 20 s; empty if it has FAILED, as also if this throws or blocks
     */
    default Optional<Duration> beginAgainAfter(FailedJob failed) {
        return Optional.empty();
    }

    /**
     * Returns this policy, but for jobs that Flink has given up and that this one would let fail: they are begun again, so often
     * in a time.
     *
     * @param atMost how often a job is begun again within the time: 1..99
     * @param within the time: positive, an hour at most
     * @param pause after which it is begun again, for what made it fail to pass: not negative, an hour at most
     * @throws InvalidInputException if a figure is out of its range
     */
    default FailoverPolicy beginningFailedJobsAgain(int atMost, Duration within, Duration pause) {
        return new SecondChances(this, atMost, within, pause);
    }

    /** Returns the policy that is used unless the embedder names another: {@link DefaultFailoverPolicy}. */
    static FailoverPolicy standard() {
        return new DefaultFailoverPolicy(
                DefaultFailoverPolicy.MOST_SAME_FAILURES, DefaultFailoverPolicy.SAME_FAILURES_FOR);
    }

    /**
     * Returns the policy {@link #standard()} with other figures for jobs that fail again and again.
     *
     * @param sameFailures after how many failures for one reason, in a row and without a checkpoint in between, a job is
     *     quarantined: 2 or more; 10 by default
     * @param lasting for how long it must have failed so: short, and an outage of what the job talks to ends it; 10 minutes
     *     by default
     * @throws InvalidInputException if a figure is out of its range
     */
    static FailoverPolicy quarantiningAfter(int sameFailures, Duration lasting) {
        if (sameFailures < 2 || lasting.isNegative()) {
            throw InvalidInputException.of(
                    "quarantine",
                    "after " + sameFailures + " failures in " + lasting,
                    "2 failures or more, in a time that is not negative",
                    "The standard is 10 failures in ten minutes.");
        }
        return new DefaultFailoverPolicy(sameFailures, lasting);
    }
}
