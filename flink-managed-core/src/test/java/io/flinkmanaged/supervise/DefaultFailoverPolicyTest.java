package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.cluster.LostJobs;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.HungProcess;
import io.flinkmanaged.launch.LostProcess;
import io.flinkmanaged.launch.SilentProcess;
import io.flinkmanaged.launch.TaskManagerObservation;
import io.flinkmanaged.launch.TaskManagerObservation.Death;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.supervise.ActionHistory.Action;
import io.flinkmanaged.supervise.Decision.BeginEpoch;
import io.flinkmanaged.supervise.Decision.EndHungProcess;
import io.flinkmanaged.supervise.Decision.GiveUp;
import io.flinkmanaged.supervise.Decision.RecoverJobs;
import io.flinkmanaged.supervise.Decision.RestartProcess;
import io.flinkmanaged.supervise.Decision.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DefaultFailoverPolicyTest {

    private static final ClusterObservation DEAD =
            new ClusterObservation(Instant.EPOCH, Liveness.DEAD, "killed", List.of(), List.of());

    private final FailoverPolicy policy = FailoverPolicy.standard();
    private ActionHistory history = ActionHistory.EMPTY;
    private final Demand demand = Demand.UNKNOWN;
    private long now;

    @Test
    void givesUpAfterTooManyFailuresInARowHoweverSlowTheyAre() {
        for (int failures = 0; failures < DefaultFailoverPolicy.MOST_FAILURES; failures++) {
            pass(Duration.ofSeconds(20));
            assertThat(decide()).as("after %s failures", failures).isInstanceOf(BeginEpoch.class);
            pass(Duration.ofSeconds(80));
            ended(true);
        }
        assertThat(decide()).isInstanceOf(GiveUp.class);
    }

    @Test
    void refusesAQuarantineAtTheFirstFailureAndOneInANegativeTime() {
        assertThatThrownBy(() -> FailoverPolicy.quarantiningAfter(1, Duration.ofMinutes(1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("quarantine: after 1 failures in PT1M (expected: 2 failures or more, in a time that is not "
                        + "negative). The standard is 10 failures in ten minutes.");
        assertThatThrownBy(() -> FailoverPolicy.quarantiningAfter(2, Duration.ofMillis(-1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("quarantine: after 2 failures in PT-0.001S ");
        assertThat(FailoverPolicy.quarantiningAfter(2, Duration.ZERO)).isNotNull();
    }

    @Test
    void countsFailuresAnewAfterASuccess() {
        for (int failures = 1; failures < DefaultFailoverPolicy.MOST_FAILURES; failures++) {
            ended(true);
        }
        ended(false);
        ended(true);
        pass(Duration.ofSeconds(20));
        assertThat(decide()).isInstanceOf(BeginEpoch.class);
    }

    @Test
    void forgetsEpochsOfLongAgoWithoutANewAction() {
        for (int epochs = 0; epochs < DefaultFailoverPolicy.MOST_EPOCHS; epochs++) {
            ended(false);
        }
        assertThat(decide()).isInstanceOf(GiveUp.class);
        pass(ActionHistory.MEMORY);
        assertThat(decide()).isInstanceOf(GiveUp.class);
        pass(Duration.ofNanos(1));
        assertThat(decide()).isInstanceOf(BeginEpoch.class);
    }

    @Test
    void waitsAfterAFailureAndTriesAgain() {
        ended(true);
        assertThat(decide()).isInstanceOf(Wait.class);
        pass(Duration.ofMillis(100));
        assertThat(decide()).isInstanceOf(BeginEpoch.class);
    }

    @Test
    void beginsNothingWhileTheStorageIsKnownToBeAway() {
        Situation outage = new Situation(
                DEAD,
                LostJobs.NONE,
                history,
                demand,
                List.of(),
                List.of(),
                Duration.ZERO,
                Optional.of("connection refused"),
                now);
        assertThat(policy.decide(outage)).isInstanceOfSatisfying(Wait.class, wait -> {
            assertThat(wait.health().state()).isEqualTo(Health.State.RECOVERING);
            assertThat(wait.reason())
                    .isEqualTo("killed; a new epoch begins when the state storage answers: connection refused");
        });
    }

    @Test
    void triesAgainWhenTheLastFailureIsForgotten() {
        ended(true);
        pass(ActionHistory.MEMORY.multipliedBy(2));
        assertThat(history.since(now).actions()).isEmpty();
        assertThat(decide()).isInstanceOf(BeginEpoch.class);
    }

    @Test
    void neverGivesUpAClusterThatAnswersBecauseOfItsJobs() {
        for (int failures = 0; failures < 10 * DefaultFailoverPolicy.MOST_FAILURES; failures++) {
            pass(Duration.ofSeconds(20));
            assertThat(decide(jobs(Set.of("delays"), Set.of(), Set.of())))
                    .as("after %s failures", failures)
                    .isInstanceOf(RecoverJobs.class);
            history = history.with(new Action(new RecoverJobs("wait"), now, true));
        }
        assertThat(decide(jobs(Set.of("delays"), Set.of(), Set.of()))).isInstanceOf(Wait.class);
        assertThat(decide()).isInstanceOf(BeginEpoch.class);
    }

    @Test
    void saysWhichJobsAreMissingAndContinuesTheOthers() {
        assertThat(decide(jobs(Set.of("a"), Set.of("b"), Set.of("c"))).reason()).contains("[a]");
        assertDegraded(jobs(Set.of(), Set.of("b", "d"), Set.of("c")), "tried again: [b, d]");
        assertDegraded(jobs(Set.of(), Set.of(), Set.of("c")), "could not be continued: [c]");
    }

    @Test
    void endsWhatHangsAlsoWhileNothingElseIsKnown() {
        HungProcess hung = new HungProcess(new NodeId(1), Kind.JOB_MANAGER, Instant.EPOCH, "silent");
        for (Liveness liveness : List.of(Liveness.ANSWERS, Liveness.UNKNOWN)) {
            ClusterObservation seen = new ClusterObservation(
                    Instant.EPOCH, liveness, "", List.of(), List.of(), List.of(hung), List.of(), List.of(), List.of());
            assertThat(policy.decide(new Situation(seen, LostJobs.NONE, history.since(now), demand, now)))
                    .isEqualTo(new EndHungProcess(hung, "the jobmanager of node-1 hangs: silent"));
        }
    }

    @Test
    void waitsForAProcessThatLivesAndOfWhichNothingIsHeard() {
        SilentProcess silent = new SilentProcess(new NodeId(3), Kind.TASK_MANAGER, "the leader has struck it off");
        ClusterObservation seen = new ClusterObservation(
                Instant.EPOCH,
                Liveness.ANSWERS,
                "",
                List.of(),
                List.of(),
                List.of(),
                List.of(silent),
                List.of(),
                List.of());
        assertThat(policy.decide(new Situation(seen, LostJobs.NONE, history.since(now), demand, now)))
                .isEqualTo(new Wait(new Health(
                        Health.State.DEGRADED,
                        "the taskmanager of node-3 lives and is waited for: the leader has struck it off")));
    }

    @Test
    void putsBackAProcessThatDiesEachTimeLessAndLessOften() {
        List<Duration> pauses = new ArrayList<>();
        for (int starts = 0; starts < 9; starts++) {
            Decision decision = decideAfterDeath(Duration.ZERO);
            Duration pause = Duration.ZERO;
            while (decision instanceof Wait wait) {
                assertThat(wait.reason()).contains("died " + starts + " times in a row");
                pass(Duration.ofMillis(500));
                pause = pause.plusMillis(500);
                decision = decideAfterDeath(pause);
            }
            pauses.add(pause);
            history = history.with(new Action(decision, now, false));
            pass(Duration.ofMillis(500));
        }
        assertThat(pauses)
                .extracting(Duration::toMillis)
                .containsExactly(0L, 0L, 500L, 1500L, 3500L, 7500L, 15_500L, 19_500L, 19_500L);
        pass(DefaultFailoverPolicy.LONG_LIFE);
        assertThat(decideAfterDeath(Duration.ZERO).shortLives()).isZero();
    }

    @Test
    void beginsAnEpochIfTheOnlyJobManagerDiesEachTimeWhileTheStorageAnswers() {
        Duration answering = Duration.ofSeconds(10);
        Decision decision = decideAfterDeath(Duration.ZERO, answering);
        int starts = 0;
        while (!(decision instanceof BeginEpoch)) {
            if (decision instanceof RestartProcess) {
                starts++;
                history = history.with(new Action(decision, now, false));
            }
            pass(Duration.ofMillis(500));
            decision = decideAfterDeath(Duration.ofMillis(500), answering);
        }
        assertThat(starts).isEqualTo(DefaultFailoverPolicy.MOST_SHORT_LIVES);
        assertThat(decision.reason()).contains("died 4 times in a row", "gone or damaged");
    }

    /** What it reads is its own; nothing of the former epoch's is there for it. */
    @Test
    void countsTheLivesOfAProcessAnewInEachEpoch() {
        for (int starts = 0; starts < DefaultFailoverPolicy.MOST_SHORT_LIVES - 1; starts++) {
            Decision decision = decideAfterDeath(Duration.ZERO);
            while (decision instanceof Wait) {
                pass(Duration.ofMillis(500));
                decision = decideAfterDeath(Duration.ofMillis(500));
            }
            history = history.with(new Action(decision, now, false));
            pass(Duration.ofMillis(500));
        }
        ended(false);
        pass(Duration.ofMillis(500));
        Decision first = decideAfterDeath(Duration.ZERO, Duration.ofSeconds(10));
        assertThat(first).isInstanceOf(RestartProcess.class);
        assertThat(first.shortLives()).isEqualTo(1);
    }

    /** It may have been out of the JobManager's reach, and come back since. */
    @Test
    void beginsNoEpochIfTheStorageAnswersOnlySinceTheLastStart() {
        for (int starts = 0; starts < 20; starts++) {
            Decision decision = decideAfterDeath(Duration.ZERO, Duration.ofMillis(100));
            while (decision instanceof Wait) {
                pass(Duration.ofMillis(500));
                decision = decideAfterDeath(Duration.ofSeconds(1), Duration.ofMillis(100));
            }
            assertThat(decision).isInstanceOf(RestartProcess.class);
            history = history.with(new Action(decision, now, false));
            pass(Duration.ofMillis(500));
        }
    }

    private Decision decideAfterDeath(Duration age) {
        return decideAfterDeath(age, Duration.ZERO);
    }

    private Decision decideAfterDeath(Duration age, Duration storageAnswering) {
        NodeId node = new NodeId(1);
        ClusterObservation seen = new ClusterObservation(
                Instant.EPOCH.plus(age),
                Liveness.UNKNOWN,
                "",
                List.of(new TaskManagerObservation(node, "node-1", Optional.empty())),
                List.of(new LostProcess(node, Kind.JOB_MANAGER, new Death(Instant.EPOCH, "killed"))),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        return policy.decide(new Situation(
                seen,
                LostJobs.NONE,
                history.since(now),
                demand,
                List.of(),
                List.of(),
                storageAnswering,
                Optional.empty(),
                now));
    }

    @Test
    void putsBackTheDeadBeforeItEndsWhatHangs() {
        ClusterObservation seen = new ClusterObservation(
                Instant.EPOCH,
                Liveness.UNKNOWN,
                "",
                List.of(),
                List.of(new LostProcess(new NodeId(2), Kind.ZOOKEEPER, new Death(Instant.EPOCH, "killed"))),
                List.of(new HungProcess(new NodeId(1), Kind.JOB_MANAGER, Instant.EPOCH, "silent")),
                List.of(),
                List.of(),
                List.of());
        assertThat(policy.decide(new Situation(seen, LostJobs.NONE, history.since(now), demand, now)))
                .isInstanceOf(RestartProcess.class);
    }

    private void assertDegraded(LostJobs lost, String reason) {
        assertThat(decide(lost)).isInstanceOfSatisfying(Wait.class, wait -> {
            assertThat(wait.health().state()).isEqualTo(Health.State.DEGRADED);
            assertThat(wait.reason()).contains(reason);
        });
    }

    private static LostJobs jobs(Set<String> due, Set<String> waiting, Set<String> givenUp) {
        return new LostJobs(due, waiting, givenUp);
    }

    private Decision decide(LostJobs lost) {
        ClusterObservation answers = new ClusterObservation(Instant.EPOCH, Liveness.ANSWERS, "", List.of(), List.of());
        return policy.decide(new Situation(answers, lost, history.since(now), demand, now));
    }

    private Decision decide() {
        return policy.decide(new Situation(DEAD, LostJobs.NONE, history.since(now), demand, now));
    }

    private void ended(boolean failed) {
        history = history.with(new Action(new BeginEpoch("killed"), now, failed));
    }

    private void pass(Duration duration) {
        now += duration.toNanos();
    }
}
