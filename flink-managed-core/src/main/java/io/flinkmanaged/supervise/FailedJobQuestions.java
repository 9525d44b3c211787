package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.FailedJob;
import io.flinkmanaged.cluster.Ruling;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the failover policy what becomes of the jobs of a cluster that Flink has given up. Any thread. */
final class FailedJobQuestions {

    private static final Logger LOG = LoggerFactory.getLogger(FailedJobQuestions.class);

    private final TimeSource time;
    private final Deliberations deliberations;
    private final Set<Deliberation<Optional<Duration>>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    FailedJobQuestions(TimeSource time, Deliberations deliberations) {
        this.time = time;
        this.deliberations = deliberations;
    }

    /** Asks; a job of which the policy fails to say anything has failed. */
    CompletableFuture<Ruling> ask(FailedJob failed) {
        Deliberation<Optional<Duration>> asked = deliberations.beginAgainAfter(failed, time);
        open.add(asked);
        if (ended) {
            asked.giveUp("nobody supervises the cluster any more");
        }
        return asked.answer()
                .thenApply(pause -> pause.<Ruling>map(Ruling.BeginAgain::new).orElseGet(Ruling.Failed::new))
                .exceptionally(failure -> withoutAnAnswer(failed, failure))
                .thenApply(ruling -> {
                    open.remove(asked);
                    return ended ? new Ruling.LeftOpen() : ruling;
                });
    }

    private Ruling withoutAnAnswer(FailedJob failed, Throwable failure) {
        if (!ended) {
            LOG.error("The failover policy failed; job \"{}\" has FAILED.", failed.job(), failure);
        }
        return new Ruling.Failed();
    }

    /** Nobody is asked any more; what was not answered is left open. */
    void end() {
        ended = true;
        open.forEach(asked -> asked.giveUp("nobody supervises the cluster any more"));
    }
}
