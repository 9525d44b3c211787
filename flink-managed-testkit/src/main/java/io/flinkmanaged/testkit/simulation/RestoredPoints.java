package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.launch.JobSubmission;
import io.flinkmanaged.model.JobName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;

/**
 * What each attempt of each job was started from, against what it should be: the newest complete point of the attempt before,
 * or, if that has none, what that was started from; never from nothing what had state.
 */
final class RestoredPoints {

    private final Consumer<String> violated;
    private final Map<JobName, Attempt> last = new HashMap<>();
    private final Map<JobID, Attempt> attempts = new HashMap<>();
    private final Set<String> damaged = new HashSet<>();

    RestoredPoints(Consumer<String> violated) {
        this.violated = violated;
    }

    void submitted(JobSubmission submission) {
        Attempt known = attempts.get(submission.jobId());
        if (known != null) {
            require(submission, known.startedFrom());
            return;
        }
        Attempt former = last.get(submission.name());
        if (former != null) {
            Optional<String> newest = newestIntact(former.completed());
            Optional<String> wanted = newest.isPresent() ? newest : former.startedFrom();
            require(submission, wanted);
            if (wanted.isEmpty() && !former.completed().isEmpty()) {
                violated.accept(
                        "job " + submission.name() + " begins with nothing, and had completed " + former.completed());
            }
        }
        submission
                .recoveryPoint()
                .filter(damaged::contains)
                .ifPresent(point ->
                        violated.accept("job " + submission.name() + " is started from a damaged point: " + point));
        Attempt attempt = new Attempt(submission.recoveryPoint(), new ArrayList<>());
        attempts.put(submission.jobId(), attempt);
        last.put(submission.name(), attempt);
    }

    void completed(JobID job, String uri) {
        Attempt attempt = attempts.get(job);
        if (attempt != null) {
            attempt.completed().add(uri);
        }
    }

    void damaged(String uri) {
        damaged.add(uri);
    }

    private void require(JobSubmission submission, Optional<String> wanted) {
        if (!submission.recoveryPoint().equals(wanted)) {
            violated.accept("job " + submission.name() + " is started from " + submission.recoveryPoint()
                    + " (expected: " + wanted + ")");
        }
    }

    private Optional<String> newestIntact(List<String> completed) {
        return completed.stream().filter(uri -> !damaged.contains(uri)).reduce((older, newer) -> newer);
    }

    private record Attempt(Optional<String> startedFrom, List<String> completed) {}
}
