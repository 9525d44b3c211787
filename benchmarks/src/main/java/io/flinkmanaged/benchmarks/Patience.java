package io.flinkmanaged.benchmarks;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * How long anything is waited for before it counts as not measurable: long enough for 200 MB of state on a machine that
 * others work on.
 */
final class Patience {

    static final Duration LIMIT = Duration.ofMinutes(5);

    private Patience() {}

    static <T> T await(Future<T> future) throws Exception {
        return future.get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    }
}
