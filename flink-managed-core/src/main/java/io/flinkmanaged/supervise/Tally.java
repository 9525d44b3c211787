package io.flinkmanaged.supervise;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the supervisor has done so far, all clusters together. Thread-safe. */
final class Tally {

    final AtomicInteger clusters = new AtomicInteger();
    final LongAdder looks = new LongAdder();
    final LongAdder looksFailed = new LongAdder();
    final LongAdder looksOverdue = new LongAdder();
    final LongAdder actions = new LongAdder();
    final LongAdder actionsFailed = new LongAdder();

    SupervisorMetrics with(LoopLag.Sorted lags) {
        return new SupervisorMetrics(
                clusters.get(),
                lags.percentile(50),
                lags.percentile(99),
                lags.percentile(100),
                looks.sum(),
                looksFailed.sum(),
                looksOverdue.sum(),
                actions.sum(),
                actionsFailed.sum());
    }
}
