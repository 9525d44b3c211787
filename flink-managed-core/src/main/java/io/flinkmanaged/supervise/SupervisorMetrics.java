package io.flinkmanaged.supervise;

import java.time.Duration;

/**
 * How the supervisor itself does, at one time.
 *
 * <p>A loop that lags decides late for every cluster; up to 250 ms are well. Looks that fail or are overdue concern single
 * clusters, whose health says so, too.
 *
 * @param clusters how many clusters are supervised now
 * @param loopLagP50 how late half of the last {@value LoopLag#WINDOW} steps of the loop began at most
 * @param loopLagP99 how late 99 of 100 of them began at most
 * @param loopLagMax how late any of them began
 * @param looks how many looks at clusters were answered, since the supervisor began
 * @param looksFailed how many looks failed
 * @param looksOverdue how many looks did not come back within 30 seconds; they may have done so later
 * @param actions how many actions were begun
 * @param actionsFailed how many of them failed
 */
public record SupervisorMetrics(
        int clusters,
        Duration loopLagP50,
        Duration loopLagP99,
        Duration loopLagMax,
        long looks,
        long looksFailed,
        long looksOverdue,
        long actions,
        long actionsFailed) {}
