package io.flinkmanaged.job;

import io.flinkmanaged.storage.Completeness;
import io.flinkmanaged.storage.PointKind;
import io.flinkmanaged.storage.StoredFile;
import io.flinkmanaged.storage.StoredPoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides what a retention deletes: a pure function of what the storage shows.
 *
 * <p>In doubt a thing stays: attempts that live or are not recorded, jobs without any complete point, points of which
 * something is not known, and files that a path in a kept point's metadata could mean, even by another name of the location.
 */
final class RetentionPlanning {

    private final String cluster;
    private final List<StoredJob> jobs;
    private final Retention retention;

    private RetentionPlanning(String cluster, List<StoredJob> jobs, Retention retention) {
        this.cluster = cluster;
        this.jobs = jobs;
        this.retention = retention;
    }

    /**
     * Decides.
     *
     * @param cluster the jobs' cluster
     * @param jobs all of its jobs: one may have started from another's point
     * @param retention what stays
     */
    static RetentionPlan plan(String cluster, List<StoredJob> jobs, Retention retention) {
        return new RetentionPlanning(cluster, jobs, retention).plan();
    }

    private RetentionPlan plan() {
        Set<String> named = jobs.stream().flatMap(this::namedPoints).collect(Collectors.toSet());
        Set<StoredPoint> kept = new HashSet<>();
        jobs.forEach(job -> kept.addAll(keptOf(job, named)));
        Set<String> protectedFiles = kept.stream().flatMap(this::filesOf).collect(Collectors.toSet());
        Set<String> protectedDirectories =
                kept.stream().map(StoredPoint::directory).collect(Collectors.toSet());
        List<RecoveryPoint> points = new ArrayList<>();
        List<StoredFile> files = new ArrayList<>();
        for (StoredJob job : jobs) {
            for (StoredAttempt attempt : formerAttempts(job)) {
                attempt.points().stream()
                        .filter(point -> !kept.contains(point))
                        .map(point -> RecoveryPoint.of(attempt.id(), point))
                        .sorted()
                        .forEach(points::add);
                attempt.files().stream()
                        .filter(file -> isStateOf(job, attempt, file))
                        .filter(file -> !protectedFiles.contains(file.path())
                                && !isBelowOneOf(protectedDirectories, file.path()))
                        .forEach(files::add);
            }
        }
        return new RetentionPlan(cluster, retention, points, files);
    }

    private Set<StoredPoint> keptOf(StoredJob job, Set<String> named) {
        List<StoredAttempt> former = formerAttempts(job);
        Set<StoredPoint> kept = new HashSet<>();
        job.attempts().stream()
                .filter(attempt -> !former.contains(attempt))
                .forEach(attempt -> kept.addAll(attempt.points()));
        List<StoredPoint> newestFirst = newestFirst(former);
        newestFirst.stream()
                .filter(point -> point.completeness() == Completeness.NOT_KNOWN || isNamed(point, named))
                .forEach(kept::add);
        newest(newestFirst, point -> point.kind() == PointKind.CHECKPOINT, retention.checkpoints())
                .forEach(kept::add);
        newest(
                        newestFirst,
                        point -> point.kind() != PointKind.CHECKPOINT,
                        retention.savepoints().orElse(Integer.MAX_VALUE))
                .forEach(kept::add);
        // A lost attempt continues from the savepoint of a stop that nobody recorded, if no checkpoint is newer.
        newest(newestFirst, point -> point.kind() == PointKind.STOP_SAVEPOINT, 1)
                .forEach(kept::add);
        return kept;
    }

    /** The attempts in whose directories nobody but this deletes; none if the job has nothing else to come back from. */
    private static List<StoredAttempt> formerAttempts(StoredJob job) {
        boolean hasComplete = job.attempts().stream()
                .flatMap(attempt -> attempt.points().stream())
                .anyMatch(StoredPoint::isComplete);
        Optional<AttemptId> last = job.last().map(JobAttempt::id);
        if (!hasComplete || last.isEmpty()) {
            return List.of();
        }
        return job.attempts().stream()
                .filter(StoredAttempt::recorded)
                .filter(attempt -> attempt.id().compareTo(last.get()) < 0
                        || (attempt.id().equals(last.get()) && job.lastEnd().isPresent()))
                .toList();
    }

    private static List<StoredPoint> newestFirst(List<StoredAttempt> attempts) {
        List<StoredPoint> points = new ArrayList<>();
        attempts.stream()
                .flatMap(attempt -> attempt.points().stream().map(point -> new Dated(attempt.id(), point)))
                .sorted((one, other) -> other.order().compareTo(one.order()))
                .forEach(dated -> points.add(dated.point()));
        return points;
    }

    private static Stream<StoredPoint> newest(List<StoredPoint> newestFirst, Predicate<StoredPoint> of, int count) {
        return newestFirst.stream().filter(StoredPoint::isComplete).filter(of).limit(count);
    }

    /** The points that a job's last attempt started from, and was stopped with. */
    private Stream<String> namedPoints(StoredJob job) {
        return Stream.of(
                        job.last().flatMap(JobAttempt::startingPoint),
                        job.lastEnd().flatMap(AttemptEnd::savepoint))
                .flatMap(Optional::stream)
                .map(this::belowTheJobs);
    }

    private static boolean isNamed(StoredPoint point, Set<String> named) {
        return named.contains(point.directory()) || named.contains(point.directory() + "/_metadata");
    }

    private Stream<String> filesOf(StoredPoint point) {
        return Stream.concat(point.inside().stream(), point.outside().stream().map(this::belowTheJobs));
    }

    /** What a path means if it is one of this cluster's, by whatever name of the location. */
    private String belowTheJobs(String path) {
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        int start = trimmed.lastIndexOf("/" + cluster + "/jobs/");
        return start < 0 ? trimmed : trimmed.substring(start + 1);
    }

    private boolean isStateOf(StoredJob job, StoredAttempt attempt, StoredFile file) {
        String directory = cluster + "/jobs/" + job.segment() + "/" + attempt.id() + "/";
        return file.path().startsWith(directory + "checkpoints/") || file.path().startsWith(directory + "savepoints/");
    }

    private static boolean isBelowOneOf(Set<String> directories, String path) {
        for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
            if (directories.contains(path.substring(0, end))) {
                return true;
            }
        }
        return false;
    }

    private record Dated(AttemptId attempt, StoredPoint point) {
        RecoveryPoint order() {
            return RecoveryPoint.of(attempt, point);
        }
    }
}
