package io.flinkmanaged.cluster;

import java.util.concurrent.CompletableFuture;

/** Rules what becomes of jobs that Flink has given up. Called on any thread; must not block. */
public interface FailedJobRule {

    /**
     * Rules, before the end is recorded or told.
     *
     * @param failed the job
     * @return completes with the ruling; if it fails, the job has FAILED
     */
    CompletableFuture<Ruling> rule(FailedJob failed);

    /**
     * A job is begun again, as was ruled: from now on it is seen as one that was lost.
     *
     * @param failed the job
     */
    void begunAgain(FailedJob failed);
}
