package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.FailedJob;
import io.flinkmanaged.internal.LimitedExecutor;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/**
 * Asks the failover policy, on a few threads of the pool: it may be the embedder's, and one that blocks for a cluster leaves a
 * thread for the others. Thread-safe.
 */
final class Deliberations {

    private static final int MOST = 2;

    private final FailoverPolicy policy;
    private final Executor threads;

    Deliberations(FailoverPolicy policy, Executor pool) {
        this.policy = policy;
        this.threads = new LimitedExecutor(pool, MOST);
    }

    /** Asks what is to be done. */
    Deliberation<Decision> decide(Situation situation) {
        return begin(() -> Objects.requireNonNull(policy.decide(situation), "the decision"));
    }

    /** Asks whether a job is begun again. */
    Deliberation<Boolean> beginsAgain(FailedJob failed) {
        return begin(() -> policy.beginsAgain(failed));
    }

    private <T> Deliberation<T> begin(Callable<T> question) {
        Deliberation<T> asked = new Deliberation<>(question);
        threads.execute(asked);
        return asked;
    }
}
