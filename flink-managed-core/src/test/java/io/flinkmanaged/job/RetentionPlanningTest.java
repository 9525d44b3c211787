package io.flinkmanaged.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.internal.Seeded;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.storage.Completeness;
import io.flinkmanaged.storage.PointKind;
import io.flinkmanaged.storage.StoredPoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Retention on random states: what is promised holds whatever was run, lost, shared and damaged before. */
class RetentionPlanningTest {

    private static final int STATES = 1000;

    @Test
    void neverDamagesAPointThatStays() {
        check((before, plan, after) -> {
            Set<String> gone = uris(plan.points());
            for (StoredPoint point : points(before)) {
                if (!gone.contains(point.uri())) {
                    assertThat(points(after))
                            .filteredOn(one -> one.uri().equals(point.uri()))
                            .singleElement()
                            .satisfies(one -> assertThat(one.completeness()).isEqualTo(point.completeness()));
                }
            }
        });
    }

    @Test
    void neverTouchesTheDirectoryOfAnAttemptThatLivesOrIsNotRecorded() {
        check((before, plan, after) -> {
            for (StoredJob job : before) {
                for (StoredAttempt attempt : job.attempts()) {
                    boolean last = job.last()
                            .filter(one -> one.id().equals(attempt.id()))
                            .isPresent();
                    boolean later = job.last()
                            .filter(one -> one.id().compareTo(attempt.id()) < 0)
                            .isPresent();
                    if (!attempt.recorded()
                            || (last && !attempt.ended())
                            || later
                            || job.last().isEmpty()) {
                        assertThat(Collections.disjoint(plan.files(), attempt.files()))
                                .isTrue();
                    }
                }
            }
        });
    }

    @Test
    void neverDeletesTheLastCompletePointOfAJob() {
        check((before, plan, after) -> {
            for (int i = 0; i < before.size(); i++) {
                Optional<RecoveryPoint> newest = newestComplete(before.get(i));
                assertThat(newestComplete(after.get(i)).map(RecoveryPoint::uri))
                        .isEqualTo(newest.map(RecoveryPoint::uri));
                if (newest.isEmpty()) {
                    assertThat(after.get(i)).isEqualTo(before.get(i));
                }
            }
        });
    }

    @Test
    void keepsAsManyCompleteCheckpointsAsItWasToldOrAllThatAreThere() {
        check((before, plan, after) -> {
            for (int i = 0; i < before.size(); i++) {
                long there = complete(before.get(i), PointKind.CHECKPOINT).size();
                assertThat(complete(after.get(i), PointKind.CHECKPOINT)).hasSizeGreaterThanOrEqualTo((int)
                        Math.min(there, plan.retention().checkpoints()));
            }
        });
    }

    @Test
    void keepsEverySavepointUnlessToldHowMany() {
        check((before, plan, after) -> {
            if (plan.retention().savepoints().isEmpty()) {
                assertThat(plan.points())
                        .filteredOn(point -> point.kind() != PointKind.CHECKPOINT)
                        .noneMatch(RecoveryPoint::isComplete);
            }
        });
    }

    @Test
    void keepsWhatTheLastAttemptStartedFromAndWasStoppedWith() {
        check((before, plan, after) -> {
            Set<String> gone = uris(plan.points());
            before.stream().flatMap(job -> named(job).stream()).forEach(directory -> assertThat(gone)
                    .noneMatch(uri -> uri.endsWith("/" + directory)));
        });
    }

    @Test
    void deletesStateOnlyAndNoRecord() {
        check((before, plan, after) -> assertThat(plan.files())
                .allSatisfy(file -> assertThat(file.path()).containsPattern("/(checkpoints|savepoints)/")));
    }

    @Test
    void keepsWhatIsNotKnown() {
        check((before, plan, after) ->
                assertThat(plan.points()).noneMatch(point -> point.completeness() == Completeness.NOT_KNOWN));
    }

    @Test
    void leavesNothingForASecondTime() {
        check((before, plan, after) -> assertThat(RetentionPlanning.plan(RandomState.CLUSTER, after, plan.retention())
                        .isEmpty())
                .isTrue());
    }

    /** The properties above would hold for a plan that deletes nothing. */
    @Test
    void deletesEveryCheckpointBeyondThatNumberUnlessAJobStartedFromIt() {
        int[] deleted = new int[1];
        check((before, plan, after) -> {
            Set<String> gone = uris(plan.points());
            List<String> named =
                    before.stream().flatMap(job -> named(job).stream()).toList();
            for (StoredJob job : before) {
                List<RecoveryPoint> newestFirst = new ArrayList<>(complete(former(job), PointKind.CHECKPOINT));
                Collections.reverse(newestFirst);
                newestFirst.stream().skip(plan.retention().checkpoints()).forEach(point -> assertThat(gone.contains(
                                        point.uri())
                                || named.stream().anyMatch(one -> point.uri().endsWith("/" + one)))
                        .as(point.uri())
                        .isTrue());
            }
            deleted[0] += plan.points().size();
        });
        assertThat(deleted[0]).isGreaterThan(STATES);
    }

    @Test
    void refusesToKeepNone() {
        assertThatThrownBy(() -> Retention.ofCheckpoints(0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("retained checkpoints: 0 (expected: 1 or more)");
        assertThatThrownBy(() -> Retention.ofCheckpoints(1).andSavepoints(0)).isInstanceOf(InvalidInputException.class);
    }

    private static void check(Promise promise) {
        Seeded.check(STATES, random -> {
            RandomState state = new RandomState(random);
            List<StoredJob> before = state.jobs();
            RetentionPlan plan = RetentionPlanning.plan(RandomState.CLUSTER, before, retention(random));
            assertThat(state.files()).containsAll(plan.files());
            state.delete(plan.files());
            promise.holds(before, plan, state.jobs());
        });
    }

    private static Retention retention(Random random) {
        return new Retention(
                1 + random.nextInt(4),
                random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(3)));
    }

    private static List<StoredPoint> points(Collection<StoredJob> jobs) {
        return jobs.stream()
                .flatMap(job -> job.attempts().stream())
                .flatMap(attempt -> attempt.points().stream())
                .toList();
    }

    /** The directories of the points that the last attempt started from and was stopped with. */
    private static List<String> named(StoredJob job) {
        return Stream.of(
                        job.last().flatMap(JobAttempt::startingPoint),
                        job.lastEnd().flatMap(AttemptEnd::savepoint))
                .flatMap(Optional::stream)
                .map(uri -> uri.substring(uri.indexOf(RandomState.CLUSTER + "/jobs/")))
                .map(directory -> directory.endsWith("/") ? directory.substring(0, directory.length() - 1) : directory)
                .toList();
    }

    /** The job without its attempts that live or are not recorded. */
    private static StoredJob former(StoredJob job) {
        return new StoredJob(
                job.segment(),
                job.attempts().stream()
                        .filter(attempt -> attempt.recorded()
                                && (attempt.ended()
                                        || job.last()
                                                .filter(last -> last.id().compareTo(attempt.id()) > 0)
                                                .isPresent()))
                        .toList(),
                job.last(),
                job.lastEnd());
    }

    private static List<RecoveryPoint> complete(StoredJob job, PointKind kind) {
        return job.points().stream()
                .filter(point -> point.isComplete() && point.kind() == kind)
                .toList();
    }

    private static Optional<RecoveryPoint> newestComplete(StoredJob job) {
        return job.points().stream().filter(RecoveryPoint::isComplete).reduce((older, newer) -> newer);
    }

    private static Set<String> uris(List<RecoveryPoint> points) {
        return points.stream().map(RecoveryPoint::uri).collect(Collectors.toSet());
    }

    private interface Promise {
        void holds(List<StoredJob> before, RetentionPlan plan, List<StoredJob> after) throws Exception;
    }
}
