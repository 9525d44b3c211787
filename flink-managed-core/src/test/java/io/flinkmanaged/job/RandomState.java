package io.flinkmanaged.job;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.storage.Completeness;
import io.flinkmanaged.storage.PointKind;
import io.flinkmanaged.storage.StoredFile;
import io.flinkmanaged.storage.StoredPoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The state of a cluster as a value: attempts with checkpoints that share files, also across attempts and jobs, whole and
 * damaged, and files of nobody. What is deleted from it is missing from its points.
 */
final class RandomState {

    static final String CLUSTER = "flights";

    private static final Instant ANY_TIME = Instant.EPOCH;

    private final Random random;
    private final Map<String, StoredFile> files = new TreeMap<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<Point> points = new ArrayList<>();
    private final Map<String, Optional<String>> startingPoints = new TreeMap<>();
    private final Map<String, Optional<AttemptEnd>> ends = new TreeMap<>();

    RandomState(Random random) {
        this.random = random;
        int jobs = 1 + random.nextInt(3);
        for (int job = 0; job < jobs; job++) {
            addJob(Character.toString('a' + job));
        }
        breakSome();
    }

    /** Returns the jobs as the storage would show them now. */
    List<StoredJob> jobs() {
        return startingPoints.keySet().stream().map(this::job).toList();
    }

    void delete(Collection<StoredFile> deleted) {
        deleted.forEach(file -> files.remove(file.path()));
    }

    Collection<StoredFile> files() {
        return List.copyOf(files.values());
    }

    private void addJob(String job) {
        int count = random.nextInt(6);
        for (int number = 1; number <= count; number++) {
            addAttempt(job, new AttemptId(new Epoch(number), 1 + random.nextInt(3)));
        }
        List<Attempt> own = attemptsOf(job);
        startingPoints.put(
                job, random.nextInt(3) == 0 || points.isEmpty() ? Optional.empty() : Optional.of(namedPoint()));
        boolean ended = own.stream()
                .filter(Attempt::recorded)
                .reduce((older, newer) -> newer)
                .filter(Attempt::ended)
                .isPresent();
        ends.put(job, ended ? Optional.of(end()) : Optional.empty());
    }

    private AttemptEnd end() {
        return random.nextInt(3) == 0 && !points.isEmpty()
                ? new AttemptEnd(AttemptEnd.Kind.STOPPED, Optional.of(namedPoint()))
                : AttemptEnd.of(AttemptEnd.Kind.FAILED);
    }

    /** The location may have had another name when it was written down. */
    private String namedPoint() {
        String directory = points.get(random.nextInt(points.size())).directory();
        return random.nextBoolean() ? "file:///state/" + directory : "file:/mnt/old/" + directory + "/";
    }

    private void addAttempt(String job, AttemptId id) {
        Attempt attempt = new Attempt(job, id, random.nextInt(20) > 0, random.nextInt(3) > 0);
        attempts.add(attempt);
        if (attempt.recorded()) {
            add(attempt.directory() + "/attempt.yaml");
        }
        if (attempt.ended()) {
            add(attempt.directory() + "/end.yaml");
        }
        List<String> shared = new ArrayList<>();
        for (int i = 0; i < random.nextInt(6); i++) {
            shared.add(add(
                    attempt.directory() + "/checkpoints/0a/" + (random.nextBoolean() ? "shared/" : "taskowned/") + i));
        }
        for (int id2 = 1; id2 <= random.nextInt(6); id2++) {
            addPoint(attempt.directory() + "/checkpoints/0a/chk-" + id2, PointKind.CHECKPOINT, id2, shared);
        }
        for (int i = 1; i <= random.nextInt(3); i++) {
            PointKind kind = random.nextBoolean() ? PointKind.SAVEPOINT : PointKind.STOP_SAVEPOINT;
            addPoint(attempt.directory() + "/savepoints/savepoint-0a-" + i, kind, random.nextInt(8), List.of());
        }
    }

    private void addPoint(String directory, PointKind kind, long id, List<String> shared) {
        List<String> inside = new ArrayList<>(List.of(add(directory + "/_metadata")));
        List<String> outside = new ArrayList<>();
        for (int i = 0; i < random.nextInt(3); i++) {
            inside.add(add(directory + "/" + i));
        }
        shared.stream().filter(file -> random.nextBoolean()).forEach(inside::add);
        if (random.nextInt(6) == 0 && !files.isEmpty()) {
            String foreign = List.copyOf(files.keySet()).get(random.nextInt(files.size()));
            if (random.nextBoolean()) {
                inside.add(foreign);
            } else {
                outside.add("file:/mnt/old/" + foreign);
            }
        }
        points.add(new Point(directory, kind, id, inside, outside, random.nextInt(15) == 0));
    }

    private void breakSome() {
        for (String file : List.copyOf(files.keySet())) {
            if (random.nextInt(15) == 0 && !file.endsWith(".yaml")) {
                files.remove(file);
            }
        }
    }

    private String add(String path) {
        files.put(path, new StoredFile(path, 1 + random.nextInt(100), ANY_TIME));
        return path;
    }

    private List<Attempt> attemptsOf(String job) {
        return attempts.stream().filter(attempt -> attempt.job().equals(job)).toList();
    }

    private StoredJob job(String job) {
        List<Attempt> own = attemptsOf(job);
        Optional<JobAttempt> last = own.stream()
                .filter(Attempt::recorded)
                .reduce((older, newer) -> newer)
                .map(attempt -> new JobAttempt(
                        new JobName(job),
                        attempt.id(),
                        attempt.id().jobId(new ClusterName(CLUSTER), new JobName(job)),
                        Objects.requireNonNull(startingPoints.get(job)),
                        new Artifact("plan", List.of(), false),
                        JobPriority.NORMAL,
                        ANY_TIME));
        return new StoredJob(
                job,
                own.stream().map(this::stored).toList(),
                last,
                last.flatMap(unused -> Objects.requireNonNull(ends.get(job))));
    }

    private StoredAttempt stored(Attempt attempt) {
        Predicate<String> below = path -> path.startsWith(attempt.directory() + "/");
        return new StoredAttempt(
                attempt.id(),
                attempt.recorded(),
                attempt.ended(),
                files.values().stream().filter(file -> below.test(file.path())).toList(),
                points.stream()
                        .filter(point -> below.test(point.directory()))
                        .filter(point -> files.containsKey(point.directory() + "/_metadata"))
                        .map(this::stored)
                        .toList());
    }

    private StoredPoint stored(Point point) {
        boolean whole = Stream.concat(
                        point.inside().stream(),
                        point.outside().stream().map(path -> path.substring("file:/mnt/old/".length())))
                .allMatch(files::containsKey);
        Completeness completeness =
                point.notKnown() ? Completeness.NOT_KNOWN : whole ? Completeness.COMPLETE : Completeness.DAMAGED;
        return new StoredPoint(
                point.directory(),
                "file:///state/" + point.directory(),
                OptionalLong.of(point.id()),
                point.kind(),
                false,
                ANY_TIME,
                point.inside().size(),
                1,
                point.inside(),
                point.outside(),
                false,
                completeness,
                whole ? Optional.empty() : Optional.of("a file is missing"));
    }

    private record Attempt(String job, AttemptId id, boolean recorded, boolean ended) {
        String directory() {
            return CLUSTER + "/jobs/" + job + "/" + id;
        }
    }

    private record Point(
            String directory, PointKind kind, long id, List<String> inside, List<String> outside, boolean notKnown) {}
}
