package io.flinkmanaged.testkit;

import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.EpochAdopted;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.event.ClusterEvent.HealthChanged;
import io.flinkmanaged.event.ClusterEvent.JobEnded;
import io.flinkmanaged.event.ClusterEvent.JobNotRecovered;
import io.flinkmanaged.event.ClusterEvent.JobRunning;
import io.flinkmanaged.event.ClusterEvent.ProcessRestarted;
import io.flinkmanaged.event.ClusterEvent.TaskManagerReplaced;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.supervise.Health;
import io.flinkmanaged.testkit.Fault.Facts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobStatus;

/**
 * How far a fault is healed: it was noticed, the cluster says that it is healthy, every process is there, and every job that
 * ran runs with all its tasks or has finished. A value; decided by what was told and seen alone.
 */
final class Healing {

    private final Facts facts;
    private final List<String> waitingFor;
    private final List<String> hopeless;
    private final Set<String> unproved;
    private final Instant lastStep;

    private Healing(
            Facts facts, List<String> waitingFor, List<String> hopeless, Set<String> unproved, Instant lastStep) {
        this.facts = facts;
        this.waitingFor = waitingFor;
        this.hopeless = hopeless;
        this.unproved = unproved;
        this.lastStep = lastStep;
    }

    /** Judges by what the supervisor tells. */
    static Healing judge(Facts facts, List<ClusterEvent> since, Health health) {
        List<String> waitingFor = new ArrayList<>();
        List<String> hopeless = new ArrayList<>();
        long unnoticed = facts.losses().stream()
                .filter(loss -> since.stream().noneMatch(loss))
                .count();
        if (unnoticed > 0) {
            waitingFor.add("somebody to notice the loss"
                    + (facts.losses().size() > 1
                            ? " of " + unnoticed + " of " + facts.losses().size() + " processes"
                            : ""));
        }
        switch (health.state()) {
            case HEALTHY -> {}
            case GAVE_UP, STOPPED -> hopeless.add("the cluster is " + health.state() + ": " + health.reason());
            default -> waitingFor.add("health HEALTHY: it is " + health.state() + ", " + health.reason());
        }
        since.forEach(event -> lostForGood(facts, event).ifPresent(hopeless::add));
        return new Healing(facts, waitingFor, hopeless, unproved(facts, since), lastStep(facts, since));
    }

    /** Judges by what was seen of the cluster, too. */
    Healing and(ClusterObservation seen, List<ClusterEvent> since) {
        List<String> all = new ArrayList<>(waitingFor);
        if (seen.liveness() != Liveness.ANSWERS) {
            all.add("an answer: it is " + seen.liveness() + ", " + seen.detail());
        }
        seen.taskManagers().forEach(one -> one.death()
                .ifPresent(death -> all.add("the TaskManager of " + one.node() + " to be replaced: " + death.cause())));
        seen.lost()
                .forEach(one -> all.add("the " + one.kind().directory() + " of " + one.node() + " to be started again: "
                        + one.death().cause()));
        seen.hung()
                .forEach(one ->
                        all.add("the " + one.kind().directory() + " of " + one.node() + " to be ended: it hangs"));
        seen.silent()
                .forEach(one -> all.add(
                        "the " + one.kind().directory() + " of " + one.node() + " to do its part: " + one.evidence()));
        facts.jobs().stream()
                .sorted()
                .filter(job -> !hasFinished(job, since) && !runs(job, seen))
                .forEach(job -> all.add("job \"" + job + "\" to run with all its tasks: " + describe(job, seen)));
        return new Healing(facts, all, hopeless, unproved, lastStep);
    }

    boolean isWhole() {
        return waitingFor.isEmpty() && hopeless.isEmpty();
    }

    /** Returns whether each job's run was told anew since the fault: it may have been seen as it was before. */
    boolean isCertain() {
        return unproved.isEmpty();
    }

    boolean isHopeless() {
        return !hopeless.isEmpty();
    }

    /** Returns the time from the fault to the last step of its healing. */
    Duration took() {
        return Duration.between(facts.at(), lastStep);
    }

    /** Returns what is not healed, a line each. */
    String open() {
        StringBuilder text = new StringBuilder();
        hopeless.forEach(line -> text.append("\n  - in vain: ").append(line));
        waitingFor.forEach(line -> text.append("\n  - ").append(line));
        return text.toString();
    }

    private static Optional<String> lostForGood(Facts facts, ClusterEvent event) {
        if (event instanceof JobEnded ended
                && facts.jobs().contains(ended.job())
                && !ended.status().equals(JobStatus.FINISHED.name())) {
            return Optional.of(ended.text());
        }
        return event instanceof JobNotRecovered lost && facts.jobs().contains(lost.job())
                ? Optional.of(lost.text())
                : Optional.empty();
    }

    private static Set<String> unproved(Facts facts, List<ClusterEvent> since) {
        return facts.jobs().stream()
                .filter(job -> !hasFinished(job, since)
                        && since.stream()
                                .noneMatch(event -> event instanceof JobRunning running
                                        && running.job().equals(job)))
                .collect(Collectors.toSet());
    }

    private static boolean hasFinished(String job, List<ClusterEvent> since) {
        return since.stream()
                .anyMatch(
                        event -> event instanceof JobEnded ended && ended.job().equals(job));
    }

    private static boolean runs(String job, ClusterObservation seen) {
        return seen.jobs().stream().filter(one -> one.name().equals(job)).anyMatch(JobObservation::allTasksRun);
    }

    private static String describe(String job, ClusterObservation seen) {
        return seen.jobs().stream()
                .filter(one -> one.name().equals(job) && !one.status().isGloballyTerminalState())
                .map(one -> one.status() + ", " + one.runningOrFinished() + " of " + one.tasks() + " tasks run")
                .findFirst()
                .orElse("the cluster does not have it");
    }

    private static Instant lastStep(Facts facts, List<ClusterEvent> since) {
        return since.stream()
                .filter(Healing::isStep)
                .map(ClusterEvent::at)
                .max(Comparator.naturalOrder())
                .orElse(facts.at());
    }

    private static boolean isStep(ClusterEvent event) {
        return event instanceof TaskManagerReplaced
                || event instanceof ProcessRestarted
                || event instanceof EpochStarted
                || event instanceof EpochAdopted
                || event instanceof JobRunning
                || (event instanceof HealthChanged changed && changed.health().equals(Health.State.HEALTHY.name()));
    }
}
