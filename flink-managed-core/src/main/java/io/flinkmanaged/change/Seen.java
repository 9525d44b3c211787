package io.flinkmanaged.change;

import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.job.JobAttempt;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.TaskManagerObservation;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;

/**
 * What was seen of a cluster at one time, to tell what has ended since.
 *
 * @param epoch the epoch that ran; 0 if none did
 * @param taskManagers Flink's ids of the living TaskManagers
 * @param jobs every job that this process knows
 */
record Seen(long epoch, Set<String> taskManagers, SortedMap<String, SeenJob> jobs) {

    /** Looks; blocks for a bounded time. */
    static Seen of(Cluster cluster) {
        ClusterObservation observed = cluster.observe();
        Set<String> taskManagers = observed.taskManagers().stream()
                .filter(taskManager -> taskManager.death().isEmpty())
                .map(TaskManagerObservation::resourceId)
                .collect(Collectors.toSet());
        Set<JobID> running = observed.jobs().stream()
                .filter(JobObservation::allTasksRun)
                .map(JobObservation::jobId)
                .collect(Collectors.toSet());
        SortedMap<String, SeenJob> jobs = new TreeMap<>();
        for (ClusterJob job : cluster.jobs().all()) {
            boolean runs = job.hasEnded()
                    || job.attempt()
                            .map(JobAttempt::jobId)
                            .filter(running::contains)
                            .isPresent();
            jobs.put(job.name().value(), new SeenJob(job.hasEnded(), job.attempt(), runs));
        }
        long epoch = cluster.current().map(current -> current.epoch().number()).orElse(0L);
        return new Seen(epoch, taskManagers, jobs);
    }

    boolean allRun(Set<String> names) {
        return names.stream().allMatch(name -> Optional.ofNullable(jobs.get(name))
                .filter(SeenJob::runs)
                .isPresent());
    }

    Restarts restartsUntil(Seen after) {
        SortedSet<String> restarted = new TreeSet<>();
        outcomes(after).forEach((name, outcome) -> {
            if (outcome.wasRestarted()) {
                restarted.add(name);
            }
        });
        long gone = taskManagers.stream()
                .filter(taskManager -> !after.taskManagers.contains(taskManager))
                .count();
        return new Restarts(epoch == 0 || epoch == after.epoch ? 0 : 1, (int) gone, restarted);
    }

    SortedMap<String, JobOutcome> outcomes(Seen after) {
        SortedMap<String, JobOutcome> outcomes = new TreeMap<>();
        for (Map.Entry<String, SeenJob> before : jobs.entrySet()) {
            SeenJob now = after.jobs.get(before.getKey());
            if (!before.getValue().hasEnded() && now != null) {
                outcomes.put(
                        before.getKey(),
                        new JobOutcome(
                                before.getValue().attemptText(),
                                now.attemptText(),
                                now.attempt().flatMap(JobAttempt::startingPoint),
                                now.runs()));
            }
        }
        return outcomes;
    }

    /**
     * What was seen of a job.
     *
     * @param hasEnded whether it had come to its end
     * @param attempt its last attempt
     * @param runs whether all of it ran, or it had come to its end
     */
    record SeenJob(boolean hasEnded, Optional<JobAttempt> attempt, boolean runs) {

        String attemptText() {
            return attempt.map(last -> last.id().toString()).orElse("none yet");
        }
    }
}
