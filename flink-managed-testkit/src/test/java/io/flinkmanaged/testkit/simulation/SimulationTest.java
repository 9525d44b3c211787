package io.flinkmanaged.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.FailureFingerprint;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.supervise.Decision;
import io.flinkmanaged.supervise.FailoverPolicy;
import io.flinkmanaged.supervise.Health;
import io.flinkmanaged.supervise.RepeatedFailure;
import io.flinkmanaged.supervise.Situation;
import io.flinkmanaged.testkit.simulation.Simulation.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The supervisor under seeded faults. One seed alone: {@code mvn -pl flink-managed-testkit -am verify -Dtest=SimulationTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dsimulation.seed=4711}, which prints its history.
 */
class SimulationTest {

    private static final Optional<Long> ONLY_SEED = Optional.ofNullable(Long.getLong("simulation.seed"));

    @TempDir
    private static Path directory;

    @Test
    void everythingHoldsWhateverHappens() {
        everythingHolds(1, 100);
    }

    @Test
    @Tag("slow")
    void everythingHoldsTenThousandTimes() {
        everythingHolds(1000, 10_000);
    }

    private static void everythingHolds(long first, int count) {
        Simulation simulation = Simulation.of(directory, FailoverPolicy.standard());
        if (ONLY_SEED.isPresent()) {
            Outcome outcome = simulation.run(ONLY_SEED.get());
            System.out.println(outcome);
            assertThat(outcome.violations()).isEmpty();
            return;
        }
        AtomicInteger quarantined = new AtomicInteger();
        List<Outcome> violated = LongStream.range(first, first + count)
                .parallel()
                .mapToObj(simulation::run)
                .peek(outcome -> {
                    if (outcome.history().stream().anyMatch(line -> line.contains("JobQuarantined"))) {
                        quarantined.incrementAndGet();
                    }
                })
                .filter(outcome -> !outcome.violations().isEmpty())
                .toList();
        assertThat(quarantined).as("simulations in which a job was quarantined").hasPositiveValue();
        assertThat(violated)
                .as(() -> violated.size() + " of " + count + " simulations, seeds "
                        + violated.stream().map(Outcome::seed).toList() + ", the first of them: " + violated.get(0))
                .isEmpty();
    }

    @Test
    void theSameSeedGivesTheSameHistory() {
        Simulation simulation = Simulation.of(directory, FailoverPolicy.standard());
        LongStream.range(500, 520).parallel().forEach(seed -> {
            Outcome once = simulation.run(seed);
            assertThat(once.history()).hasSizeGreaterThan(5);
            assertThat(simulation.run(seed)).isEqualTo(once);
        });
    }

    // Whether a wrong policy is found out.

    @Test
    void aPolicyThatBeginsAnEpochOnUnknownIsFoundOut() {
        assertThat(violationsOf(situation -> {
                    Decision decision = FailoverPolicy.standard().decide(situation);
                    boolean unknown = situation.observation().liveness() == Liveness.UNKNOWN;
                    return decision instanceof Decision.Wait && unknown
                            ? new Decision.BeginEpoch("it does not answer")
                            : decision;
                }))
                .anySatisfy(violation -> assertThat(violation).contains("a new epoch on UNKNOWN"))
                .anySatisfy(violation -> assertThat(violation).contains("is stopped while"));
    }

    @Test
    void aPolicyThatReplacesWhatLivesIsFoundOut() {
        assertThat(violationsOf(situation -> {
                    Decision decision = FailoverPolicy.standard().decide(situation);
                    boolean jobStands = situation.observation().jobs().stream().anyMatch(job -> !job.allTasksRun());
                    return decision instanceof Decision.Wait && jobStands
                            ? new Decision.ReplaceTaskManager(
                                    situation
                                            .observation()
                                            .taskManagers()
                                            .get(0)
                                            .node(),
                                    "a job does not run")
                            : decision;
                }))
                .anySatisfy(violation -> assertThat(violation).contains("not known to be dead or to hang"));
    }

    @Test
    void aPolicyWithoutABudgetIsFoundOut() {
        assertThat(violationsOf(situation -> situation.observation().liveness() == Liveness.DEAD
                        ? new Decision.BeginEpoch("it is dead, now")
                        : FailoverPolicy.standard().decide(situation)))
                .anySatisfy(violation -> assertThat(violation).contains("actions of the kind BeginEpoch in PT10M"));
    }

    @Test
    void aPolicyThatDoesNothingIsFoundOut() {
        assertThat(violationsOf(situation -> {
                    boolean begun = !situation.observation().taskManagers().isEmpty();
                    return begun
                            ? new Decision.Wait(new Health(Health.State.HEALTHY, "all is well"))
                            : FailoverPolicy.standard().decide(situation);
                }))
                .anySatisfy(violation -> assertThat(violation).contains("until it settles"));
    }

    @Test
    void aPolicyThatGivesUpAtTheFirstLossIsFoundOut() {
        assertThat(violationsOf(situation -> {
                    Decision decision = FailoverPolicy.standard().decide(situation);
                    boolean first = situation.history().actions().isEmpty();
                    return decision instanceof Decision.Wait || first
                            ? decision
                            : new Decision.GiveUp("it is too much");
                }))
                .anySatisfy(violation -> assertThat(violation)
                        .contains("the cluster is given up, and its faults are no reason for that: it is too much"));
    }

    @Test
    void aPolicyThatGivesUpLongBeforeItsBudgetIsUsedUpIsFoundOut() {
        assertThat(violationsOf(situation -> {
                    Decision decision = FailoverPolicy.standard().decide(situation);
                    return decision instanceof Decision.BeginEpoch
                                    && situation.history().succeeded(Decision.BeginEpoch.class) > 2
                            ? new Decision.GiveUp("three epochs did not help")
                            : decision;
                }))
                .anySatisfy(violation -> assertThat(violation).contains("is given up", "three epochs did not help"));
    }

    @Test
    void aPolicyThatQuarantinesASoundJobIsFoundOut() {
        assertThat(violationsOf(situation -> {
                    Decision decision = FailoverPolicy.standard().decide(situation);
                    Optional<JobObservation> standing = situation.observation().jobs().stream()
                            .filter(job -> !job.allTasksRun())
                            .findFirst();
                    return decision instanceof Decision.Wait && standing.isPresent()
                            ? new Decision.QuarantineJob(failureOf(standing.get()), "it does not run")
                            : decision;
                }))
                .anySatisfy(
                        violation -> assertThat(violation).contains("is quarantined, and nothing is wrong with it"));
    }

    @Test
    void aPolicyThatLetsAJobFailForEverIsFoundOut() {
        assertThat(violationsOf(situation -> {
                    Decision decision = FailoverPolicy.standard().decide(situation);
                    return decision instanceof Decision.QuarantineJob
                            ? new Decision.Wait(new Health(Health.State.DEGRADED, "a job fails"))
                            : decision;
                }))
                .anySatisfy(violation -> assertThat(violation).contains("until it settles"));
    }

    @Test
    void aPolicyThatPutsJobManagersBackForEverIsFoundOut() {
        assertThat(violationsOf(situation -> FailoverPolicy.standard()
                        .decide(new Situation(
                                situation.observation(),
                                situation.lost(),
                                situation.history(),
                                situation.demand(),
                                situation.failing(),
                                situation.stale(),
                                Duration.ZERO,
                                situation.storageOutage(),
                                situation.nowTicks()))))
                .anySatisfy(violation -> assertThat(violation).contains("until it settles"));
    }

    private static RepeatedFailure failureOf(JobObservation job) {
        return new RepeatedFailure(
                job.name(),
                job.jobId(),
                FailureFingerprint.of("it does not run"),
                false,
                1,
                Duration.ZERO,
                Duration.ZERO);
    }

    private static List<String> violationsOf(FailoverPolicy policy) {
        Simulation simulation = Simulation.of(directory, policy);
        return LongStream.range(1, 40)
                .parallel()
                .mapToObj(simulation::run)
                .flatMap(outcome -> outcome.violations().stream())
                .toList();
    }
}
