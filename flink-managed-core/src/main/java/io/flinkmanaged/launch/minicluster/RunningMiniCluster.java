package io.flinkmanaged.launch.minicluster;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.flink.RestQuestions;
import io.flinkmanaged.internal.Deadline;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.internal.Polling;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.EffectiveConfiguration;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.launch.LaunchException;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.launch.TaskManagerObservation;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.ClusterRenderer;
import io.flinkmanaged.render.RenderedCluster;
import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.runtime.taskexecutor.TaskExecutor;

/** An epoch that runs in this JVM. */
final class RunningMiniCluster implements LaunchedCluster {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final Duration START_WITHIN = Duration.ofMinutes(1);
    private static final Duration STOP_WITHIN = Duration.ofMinutes(1);
    private static final Duration REGISTRATION_PAUSE = Duration.ofMillis(2);

    private final RenderedCluster rendered;
    private final TimeSource time;
    private final SessionMiniCluster cluster;
    private final MiniClusterJobs jobs;
    private final TaskManagerSeats seats;
    private final URI webUi;
    private final JobFlows flows;

    private RunningMiniCluster(
            RenderedCluster rendered,
            TimeSource time,
            SessionMiniCluster cluster,
            MiniClusterJobs jobs,
            TaskManagerSeats seats,
            URI webUi,
            JobFlows flows) {
        this.rendered = rendered;
        this.time = time;
        this.cluster = cluster;
        this.jobs = jobs;
        this.seats = seats;
        this.webUi = webUi;
        this.flows = flows;
    }

    /** Waits until a started cluster answers with all its TaskManagers, and watches it from then on. */
    static RunningMiniCluster attach(
            RenderedCluster rendered,
            TimeSource time,
            SessionMiniCluster cluster,
            MiniClusterJobs jobs,
            Runnable changed)
            throws Exception {
        TaskManagerSeats seats = new TaskManagerSeats(time, changed);
        for (NodeId node : rendered.nodes()) {
            int index = node.number() - 1;
            seats.take(node, index, cluster.taskExecutor(index));
        }
        URI webUi = get(cluster.getRestAddress(), START_WITHIN);
        JobFlows flows = new JobFlows(time, new RestQuestions(webUi), jobs.metricsRenewedEvery());
        RunningMiniCluster running = new RunningMiniCluster(rendered, time, cluster, jobs, seats, webUi, flows);
        running.awaitTaskManagers();
        cluster.whenEnded(changed);
        return running;
    }

    @Override
    public LayeredConfiguration configuration() {
        return rendered.configuration();
    }

    @Override
    public LayeredConfiguration configurationOf(ClusterSpec other, List<Setting> settings) {
        return ClusterRenderer.render(other, rendered.placement(), settings).configuration();
    }

    @Override
    public URI webUi() {
        return webUi;
    }

    @Override
    public CompletableFuture<ClusterObservation> look() {
        if (!cluster.isRunning()) {
            return CompletableFuture.completedFuture(observeEnd());
        }
        return Deadline.within(time, ANSWER_WITHIN, jobs.list()).handle((seen, failure) -> {
            if (failure == null) {
                return new ClusterObservation(time.now(), Liveness.ANSWERS, "", seats.observe(), flows.addTo(seen));
            }
            return cluster.isRunning() ? unanswered(Failures.rootCause(failure)) : observeEnd();
        });
    }

    @Override
    public ClusterObservation observe() {
        try {
            return get(look(), ANSWER_WITHIN.multipliedBy(2));
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            restoreInterrupt(e);
            return unanswered(Failures.rootCause(e));
        }
    }

    @Override
    public List<TaskManagerObservation> taskManagers() {
        return seats.observe();
    }

    @Override
    public EffectiveConfiguration effectiveConfiguration() {
        RestQuestions questions = new RestQuestions(webUi);
        try {
            SortedMap<String, SortedMap<String, String>> ofTaskManagers = new TreeMap<>();
            List<String> registered = questions.taskManagers();
            for (TaskManagerObservation seen : seats.observe()) {
                if (registered.contains(seen.resourceId())) {
                    ofTaskManagers.put(
                            "TaskManager of " + seen.node(), questions.taskManagerConfiguration(seen.resourceId()));
                }
            }
            return new EffectiveConfiguration(
                    questions.jobManagerConfiguration(), ofTaskManagers, MiniClusterKeys.ADDED);
        } catch (IOException e) {
            throw new ManagedFlinkException(
                    Code.UNAVAILABLE,
                    clusterName(),
                    "cluster " + clusterName() + ": its REST interface does not answer (expected: its configuration). "
                            + "Ask again when it is healthy: " + Failures.rootCause(e),
                    e);
        }
    }

    @Override
    public JobGateway jobs() {
        return jobs;
    }

    @Override
    public String replaceTaskManager(NodeId node) {
        try {
            get(cluster.terminateTaskManager(seats.indexOf(node)), STOP_WITHIN);
            int index = cluster.created();
            cluster.startTaskManager();
            TaskExecutor taskExecutor = cluster.taskExecutor(index);
            seats.take(node, index, taskExecutor);
            awaitTaskManagers();
            return taskExecutor.getResourceID().getResourceIdString();
        } catch (Exception e) {
            restoreInterrupt(e);
            throw new LaunchException(
                    clusterName(), node + ": its TaskManager could not be replaced: " + Failures.rootCause(e), e);
        }
    }

    @Override
    public void killTaskManager(NodeId node) {
        seats.expectDeath(node, "killed as a drill");
        try {
            get(cluster.terminateTaskManager(seats.indexOf(node)), STOP_WITHIN);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            restoreInterrupt(e);
            throw new LaunchException(
                    clusterName(), node + ": its TaskManager did not end: " + Failures.rootCause(e), e);
        }
    }

    @Override
    public void killJobManager() {
        cluster.failJobManager(new IllegalStateException("killed as a drill"));
    }

    @Override
    public StopConfirmation stop() {
        try {
            get(cluster.closeAsync(), STOP_WITHIN);
        } catch (TimeoutException e) {
            return new StopConfirmation(false, "it did not end within " + STOP_WITHIN.toSeconds() + " s");
        } catch (InterruptedException e) {
            restoreInterrupt(e);
            return new StopConfirmation(false, "the stop was interrupted");
        } catch (ExecutionException e) {
            // Every part has ended, one of them not cleanly.
            return deleteDirectory(Failures.rootCause(e));
        }
        return deleteDirectory("");
    }

    private StopConfirmation deleteDirectory(String detail) {
        try {
            Directories.deleteTree(rendered.placement().directory());
            return new StopConfirmation(true, detail);
        } catch (IOException e) {
            Finding left = new Finding(
                    "files in " + rendered.placement().directory(),
                    "not all deleted: " + e,
                    "none left",
                    "Mend the disk, if that is why, and delete the directory.");
            return new StopConfirmation(true, (detail + " " + left).strip());
        }
    }

    private ClusterObservation observeEnd() {
        String cause = cluster.fatalError().map(Failures::rootCause).orElse("it was shut down");
        boolean ended = cluster.hasEnded();
        return new ClusterObservation(
                time.now(),
                ended ? Liveness.DEAD : Liveness.UNKNOWN,
                ended ? cause : "it is ending: " + cause,
                seats.observe(),
                List.of());
    }

    private ClusterObservation unanswered(String reason) {
        return new ClusterObservation(time.now(), Liveness.UNKNOWN, reason, seats.observe(), List.of());
    }

    /** Waits until every TaskManager that lives is registered; one that dies meanwhile is not waited for. */
    private void awaitTaskManagers() throws Exception {
        get(
                Polling.until(time, REGISTRATION_PAUSE, START_WITHIN, () -> cluster.getResourceOverview()
                        .thenApply(overview -> overview.getNumberTaskManagers() >= seats.living())),
                START_WITHIN.plus(ANSWER_WITHIN));
    }

    private String clusterName() {
        return rendered.spec().name().value();
    }

    private static <T> T get(Future<T> future, Duration atMost)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void restoreInterrupt(Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }
}
