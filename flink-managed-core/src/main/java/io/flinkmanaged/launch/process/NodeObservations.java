package io.flinkmanaged.launch.process;

import io.flinkmanaged.internal.Deadline;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.LostProcess;
import io.flinkmanaged.launch.TaskManagerObservation;
import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.RenderedProcess.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Looks at an epoch that runs as processes: what their ends tell, and what the leader answers. Thread-safe. */
final class NodeObservations {

    /** A process that is being ended is dead by then, or stuck in the kernel. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);

    private final EpochHome home;
    private final NodeProcesses processes;
    private final NodeKills kills;
    private final RestJobs jobs;
    private final HungProcesses hung;
    private final TimeSource time;

    NodeObservations(
            EpochHome home,
            NodeProcesses processes,
            NodeKills kills,
            RestJobs jobs,
            HungProcesses hung,
            TimeSource time) {
        this.home = home;
        this.processes = processes;
        this.kills = kills;
        this.jobs = jobs;
        this.hung = hung;
        this.time = time;
    }

    /**
     * What was killed together does not end together: the kernel takes back the memory of each. Whoever is seen dead first says
     * little while others are dying.
     */
    CompletableFuture<ClusterObservation> look(Executor afterwards) {
        return processes.deaths().isEmpty()
                ? lookAtTheLiving(afterwards)
                : Deadline.within(time, ENDS_WITHIN, processes.whenTheDyingHaveEnded())
                        .handle((ended, failure) -> failure == null)
                        .thenComposeAsync(unused -> lookAtTheLiving(afterwards), afterwards);
    }

    private CompletableFuture<ClusterObservation> lookAtTheLiving(Executor afterwards) {
        Optional<ClusterObservation> dead = dead();
        if (dead.isPresent()) {
            return CompletableFuture.completedFuture(dead.get());
        }
        List<LostProcess> lost = processes.lost();
        if (lost.stream().filter(one -> one.kind() == Kind.JOB_MANAGER).count()
                == home.nodes().size()) {
            return CompletableFuture.completedFuture(seen(Liveness.UNKNOWN, told(processes.deaths()), List.of()));
        }
        return jobs.list()
                // Who answered, or was waited for, may have died meanwhile; and that can take a while to tell.
                .handleAsync(
                        (seen, failure) -> dead().orElseGet(() -> failure == null
                                ? seen(Liveness.ANSWERS, "", seen)
                                : seen(Liveness.UNKNOWN, Failures.rootCause(failure), List.of())),
                        afterwards);
    }

    private Optional<ClusterObservation> dead() {
        return kills.allAreDead()
                ? Optional.of(seen(Liveness.DEAD, "every process ended: " + told(processes.deaths()), List.of()))
                : Optional.empty();
    }

    private static String told(Map<Seat, TaskManagerObservation.Death> deaths) {
        return String.join(
                "; ",
                deaths.entrySet().stream()
                        .map(death -> death.getKey() + ": " + death.getValue().cause())
                        .toList());
    }

    private ClusterObservation seen(Liveness liveness, String detail, List<JobObservation> ofJobs) {
        boolean dead = liveness == Liveness.DEAD;
        return new ClusterObservation(
                time.now(),
                liveness,
                detail,
                processes.taskManagers(),
                processes.lost(),
                dead ? List.of() : hung.known(),
                dead ? List.of() : hung.silent(),
                dead ? List.of() : hung.cutOff(),
                ofJobs);
    }

    /** Returns what is seen of an epoch that lets whoever asks wait. */
    ClusterObservation unanswered(String reason) {
        return seen(Liveness.UNKNOWN, reason, List.of());
    }
}
