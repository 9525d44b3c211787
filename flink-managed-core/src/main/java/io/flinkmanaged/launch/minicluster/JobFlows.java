package io.flinkmanaged.launch.minicluster;

import io.flinkmanaged.flink.RestQuestions;
import io.flinkmanaged.launch.JobFlow;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.model.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.JobID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What flows through the jobs of a cluster in this JVM. Its dispatcher does not tell, only its REST interface, which asks
 * every TaskManager: it is asked beside the looks, and no more often than Flink renews its figures. Thread-safe; never blocks.
 */
final class JobFlows {

    private static final Logger LOG = LoggerFactory.getLogger(JobFlows.class);

    private final TimeSource time;
    private final RestQuestions rest;
    private final Duration pause;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile long askedTicks;
    private volatile Map<JobID, JobFlow> known = Map.of();

    /**
     * Creates it.
     *
     * @param time for a thread to ask on
     * @param rest is asked
     * @param pause how long not to ask again; the first time is that long from now
     */
    JobFlows(TimeSource time, RestQuestions rest, Duration pause) {
        this.time = time;
        this.rest = rest;
        this.pause = pause;
        this.askedTicks = time.ticks();
    }

    /** Returns what was seen, with what is known to flow, which may be some seconds old. */
    List<JobObservation> addTo(List<JobObservation> seen) {
        if (time.ticks() - askedTicks >= pause.toNanos() && asking.compareAndSet(false, true)) {
            CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> ask(seen), time.blocking())
                    .whenComplete((done, failure) -> {
                        askedTicks = time.ticks();
                        asking.set(false);
                    });
        }
        return seen.stream()
                .map(job -> job.withFlow(Optional.ofNullable(known.get(job.jobId()))))
                .toList();
    }

    private void ask(List<JobObservation> seen) {
        Map<JobID, JobFlow> told = new HashMap<>();
        for (JobObservation job : seen) {
            if (job.allTasksRun()) {
                try {
                    told.put(job.jobId(), flowOf(rest.totalsOf(job.jobId())));
                } catch (IOException e) {
                    LOG.debug("What flows through job \"{}\" could not be asked.", job.name(), e);
                }
            }
        }
        known = told;
    }

    private static JobFlow flowOf(Map<String, Long> totals) {
        return new JobFlow(
                totals.getOrDefault("read-records", 0L),
                totals.getOrDefault("write-records", 0L),
                Duration.ofMillis(totals.getOrDefault("accumulated-backpressured-time", 0L)),
                Duration.ofMillis(totals.getOrDefault("accumulated-idle-time", 0L)));
    }
}
