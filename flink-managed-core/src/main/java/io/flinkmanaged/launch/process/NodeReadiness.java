package io.flinkmanaged.launch.process;

import io.flinkmanaged.flink.RestQuestions;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.internal.Polling;
import io.flinkmanaged.launch.TaskManagerObservation;
import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.RenderedNode;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.security.ZooKeeperClientIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** Whether processes that were started do their part, and the wait for it. Thread-safe. */
final class NodeReadiness {

    /** How long a single question may take. */
    static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    /** Each question is a TLS connection of its own, and takes from what it waits for. */
    static final Duration LOOK_PAUSE = Duration.ofMillis(200);

    private static final Duration UP_WITHIN = Duration.ofMinutes(5);

    private final EpochHome home;
    private final NodeProcesses processes;
    private final RestJobs jobs;
    private final TimeSource time;

    NodeReadiness(EpochHome home, NodeProcesses processes, RestJobs jobs, TimeSource time) {
        this.home = home;
        this.processes = processes;
        this.jobs = jobs;
        this.time = time;
    }

    /**
     * Waits for an answer that is a yes; failures are none, but another death ends the waiting. Blocks.
     *
     * @param what is waited for, for messages
     * @param deadBefore whose deaths say nothing
     * @param question asked again and again
     */
    void await(String what, Set<Seat> deadBefore, Supplier<CompletableFuture<Boolean>> question) throws Exception {
        CompletableFuture<Void> up = Polling.until(time, LOOK_PAUSE, UP_WITHIN, () -> {
            Map<Seat, TaskManagerObservation.Death> dead = processes.deaths();
            dead.keySet().removeAll(deadBefore);
            if (!dead.isEmpty()) {
                throw new IllegalStateException(String.join(
                        "; ",
                        dead.entrySet().stream()
                                .map(death ->
                                        death.getKey() + ": " + death.getValue().cause())
                                .toList()));
            }
            return question.get().exceptionally(unanswered -> false);
        });
        try {
            Void unused = up.get(UP_WITHIN.plus(ANSWER_WITHIN).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            if (Failures.unwrap(e) instanceof TimeoutException) {
                throw new IllegalStateException(
                        "waited " + UP_WITHIN.toSeconds() + " s in vain until " + what
                                + ". Every process lives, so look for a firewall on " + home.addresses()
                                + ", and at their logs" + lastLinesOfJobManagers(),
                        e);
            }
            throw e;
        }
    }

    /** They are who asks the others: what they wait for stands there. */
    private String lastLinesOfJobManagers() {
        StringBuilder text = new StringBuilder();
        processes.living().forEach((seat, process) -> {
            if (seat.kind() == Kind.JOB_MANAGER) {
                text.append("\n").append(seat).append(": it lives").append(home.lastLines(seat, process.startedAs()));
            }
        });
        return text.toString();
    }

    /** Returns the question whether ZooKeeper serves its clients, for one wait. */
    Supplier<CompletableFuture<Boolean>> zooKeeperServes() {
        Optional<SSLContext> identity = home.security().zooKeeperClient().map(ZooKeeperClientIdentity::sslContext);
        return new QuorumReadiness(
                home.nodes().stream().map(node -> node.placement().node()).toList(),
                this::zooKeeper,
                node -> ZooKeeperPeer.troubleOf(home.zooKeeper(home.node(node)), identity),
                time);
    }

    private String zooKeeper(NodeId node) {
        InetSocketAddress address = home.zooKeeper(home.node(node));
        return address.getHostString() + ":" + address.getPort();
    }

    /** Its resources are asked for with the job, so a leader that answers is enough to submit one. */
    CompletableFuture<Boolean> aJobManagerLeads() {
        return jobs.taskManagers().thenApply(registered -> true);
    }

    /**
     * Returns the question whether every TaskManager of a new epoch is registered, for one wait.
     *
     * @param startAnew starts another one in the place of one that a leader never hears of; blocks
     */
    Supplier<CompletableFuture<Boolean>> everyTaskManagerRegisters(Consumer<NodeId> startAnew) {
        return new FirstRegistrations(
                home.nodes().stream().map(node -> node.placement().node()).toList(),
                jobs::taskManagers,
                startAnew,
                time);
    }

    CompletableFuture<Boolean> everyTaskManagerIsRegistered() {
        return jobs.taskManagers()
                .thenApply(registered -> registered.size() >= home.nodes().size());
    }

    CompletableFuture<Boolean> everyJobManagerAnswers() {
        return CompletableFuture.runAsync(() -> home.nodes().forEach(this::requireAnswer), time.blocking())
                .thenApply(answered -> true);
    }

    /** A JobManager answers, and whoever leads knows every TaskManager. */
    CompletableFuture<Boolean> jobManagerServes(RenderedNode node) {
        return CompletableFuture.runAsync(() -> requireAnswer(node), time.blocking())
                .thenCompose(answered -> everyTaskManagerIsRegistered());
    }

    private void requireAnswer(RenderedNode node) {
        try {
            new RestQuestions(home.rest(node), home.security().restContext()).requireAnswer(ANSWER_WITHIN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
