package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.FailedJob;
import io.flinkmanaged.internal.LimitedExecutor;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Asks the failover policy about one cluster, one question at a time, on threads that all clusters share: the policy may be the
 * embedder's, and one that blocks for a cluster takes one of them. Thread-safe.
 */
final class Deliberations {

    private final FailoverPolicy policy;
    private final Duration limit;
    private final Executor thread;

    /**
     * Creates those of a cluster.
     *
     * @param policy who is asked
     * @param threads where, for all clusters
     * @param limit how long it may take to answer
     */
    Deliberations(FailoverPolicy policy, Executor threads, Duration limit) {
        this.policy = policy;
        this.limit = limit;
        this.thread = new LimitedExecutor(threads, 1);
    }

    /** Asks what is to be done. Whoever asks sees to it that this does not last. */
    Deliberation<Decision> decide(Situation situation) {
        return begin(asked -> Objects.requireNonNull(policy.decide(situation), "the decision"));
    }

    /** Asks whether a job is begun again, and when. */
    Deliberation<Optional<Duration>> beginAgainAfter(FailedJob failed, TimeSource time) {
        return begin(asked -> {
            TimeSource.Cancellable alarm = time.delay(limit, asked::isOverdue);
            try {
                return Objects.requireNonNull(policy.beginAgainAfter(failed), "the pause");
            } finally {
                alarm.cancel();
            }
        });
    }

    private <T> Deliberation<T> begin(Function<Deliberation<T>, T> question) {
        Deliberation<T> asked = new Deliberation<>(question);
        thread.execute(asked);
        return asked;
    }
}
