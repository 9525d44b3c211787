package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.FailedJob;
import io.flinkmanaged.model.TimeSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the failover policy rule whether a job that Flink has given up is begun again. Any thread. */
final class FailedJobRuling {

    private static final Logger LOG = LoggerFactory.getLogger(FailedJobRuling.class);

    private final TimeSource time;
    private final Deliberations deliberations;
    private final Executor loop;
    private final Predicate<FailedJob> beginAgain;

    /**
     * Creates it.
     *
     * @param time of its time the limit
     * @param deliberations asks the policy
     * @param loop where the answer is taken
     * @param beginAgain takes note that a job is begun again, on the loop; says whether that may be so
     */
    FailedJobRuling(TimeSource time, Deliberations deliberations, Executor loop, Predicate<FailedJob> beginAgain) {
        this.time = time;
        this.deliberations = deliberations;
        this.loop = loop;
        this.beginAgain = beginAgain;
    }

    /**
     * Asks.
     *
     * @param failed the job
     * @return completes on the loop, in any case: the job is not begun again if the policy fails
     */
    CompletableFuture<Boolean> on(FailedJob failed) {
        Deliberation<Boolean> asked = deliberations.beginsAgain(failed);
        TimeSource.Cancellable late = time.delay(LookCycle.OVERDUE_AFTER, asked::isOverdue);
        return asked.answer()
                .handleAsync(
                        (again, failure) -> {
                            late.cancel();
                            return ruled(failed, again, failure);
                        },
                        loop);
    }

    private boolean ruled(FailedJob failed, @Nullable Boolean again, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.error("The failover policy failed; job \"{}\" has FAILED.", failed.job(), failure);
        }
        return again != null && again && beginAgain.test(failed);
    }
}
