package io.flinkmanaged.launch;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.TaskManagerObservation.Death;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.ClusterRenderer;
import io.flinkmanaged.render.RenderedCluster;
import io.flinkmanaged.render.RenderedProcess;
import io.flinkmanaged.spec.ClusterSpec;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;

/** An epoch that does what it is told, by the library and by a test. Thread-safe. */
public final class ScriptedCluster implements LaunchedCluster, JobGateway {

    private final RenderedCluster rendered;
    private final Runnable changed;
    private final Function<String, Optional<CompletableFuture<Void>>> answers;
    private final SortedMap<NodeId, TaskManagerObservation> taskManagers = new TreeMap<>();
    private final Map<JobID, JobObservation> jobs = new LinkedHashMap<>();
    private final Map<JobID, CompletableFuture<JobEnd>> ends = new LinkedHashMap<>();
    private final List<JobSubmission> submissions = new ArrayList<>();
    private final List<NodeId> replaced = new ArrayList<>();
    private final List<JobID> cancelled = new ArrayList<>();
    private final Map<JobID, List<JobFailure>> failures = new HashMap<>();
    private Liveness liveness = Liveness.ANSWERS;
    private String detail = "";
    private Supplier<CompletableFuture<JobProgress>> progress = () -> CompletableFuture.completedFuture(
            new JobProgress(0, 0, Optional.empty(), Optional.of(42L), Optional.empty()));
    private volatile Supplier<CompletableFuture<String>> stop =
            () -> CompletableFuture.failedFuture(new IllegalStateException("A scripted cluster takes no savepoints."));
    private final List<EndingCertificate> ending = new CopyOnWriteArrayList<>();
    private volatile StopConfirmation end = StopConfirmation.CONFIRMED;
    private volatile Runnable whileReplacing = () -> {};
    private volatile Runnable afterObserving = () -> {};

    ScriptedCluster(
            RenderedCluster rendered, Runnable changed, Function<String, Optional<CompletableFuture<Void>>> answers) {
        this.rendered = rendered;
        this.changed = changed;
        this.answers = answers;
        rendered.nodes().forEach(this::startTaskManager);
    }

    // What a test says.

    /** Lets the certificate of a JobManager come near its end. */
    public void age(int node, Instant until) {
        ending.add(new EndingCertificate(new NodeId(node), RenderedProcess.Kind.JOB_MANAGER, until));
    }

    @Override
    public List<EndingCertificate> endingCertificates() {
        return ending;
    }

    /** Lets a TaskManager die. */
    public synchronized void die(int node, Instant at) {
        NodeId id = new NodeId(node);
        taskManagers.computeIfPresent(
                id,
                (ignored, alive) -> new TaskManagerObservation(
                        id, alive.resourceId(), Optional.of(new Death(at, "killed by a test"))));
    }

    /** Lets the cluster as a whole be dead, unknown, or answer. */
    public synchronized void become(Liveness next, String reason) {
        liveness = next;
        detail = reason;
    }

    /** Sets what is seen of a job. */
    public synchronized void show(JobObservation job) {
        jobs.put(job.jobId(), job);
    }

    /** Ends a job. */
    public void end(JobID jobId, JobEnd end) {
        CompletableFuture<JobEnd> told;
        synchronized (this) {
            jobs.remove(jobId);
            told = Objects.requireNonNull(ends.get(jobId), "a submitted job");
        }
        told.complete(end);
    }

    /** Forgets a job, as a JobManager that takes over when it had ended. */
    public void forget(JobID jobId) {
        CompletableFuture<JobEnd> told;
        synchronized (this) {
            jobs.remove(jobId);
            told = ends.computeIfAbsent(jobId, unused -> new CompletableFuture<>());
        }
        told.completeExceptionally(new JobForgottenException(jobId));
    }

    private CompletableFuture<Void> cancel(JobID jobId) {
        synchronized (this) {
            cancelled.add(jobId);
        }
        end(jobId, new JobEnd(JobStatus.CANCELED, Optional.empty()));
        return CompletableFuture.completedFuture(null);
    }

    /** Returns the jobs that were cancelled, in order. */
    public synchronized List<JobID> cancelled() {
        return List.copyOf(cancelled);
    }

    /** Sets how questions for a job's progress are answered. */
    public synchronized void progress(Supplier<CompletableFuture<JobProgress>> answer) {
        progress = answer;
    }

    /** Sets how the wish to stop a job with a savepoint is answered. */
    public void stop(Supplier<CompletableFuture<String>> answer) {
        stop = answer;
    }

    /** Sets how the end of the epoch is confirmed. */
    public void confirmEnd(StopConfirmation answer) {
        end = answer;
    }

    /** Sets what is done, on the thread that replaces, in the middle of a replacement. */
    public void whileReplacing(Runnable action) {
        whileReplacing = action;
    }

    /** Sets what is done, on the thread that looks, between the look and its answer. */
    public void afterObserving(Runnable action) {
        afterObserving = action;
    }

    /** Announces that a look is worthwhile. */
    public void announceChange() {
        changed.run();
    }

    /** Returns the jobs that were submitted, in order, however that was answered. */
    public synchronized List<JobSubmission> submissions() {
        return List.copyOf(submissions);
    }

    /** Returns the nodes whose TaskManagers were replaced, in order. */
    public synchronized List<NodeId> replaced() {
        return List.copyOf(replaced);
    }

    // What the library asks and says.

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
        return URI.create("http://127.0.0.1:1");
    }

    @Override
    public CompletableFuture<ClusterObservation> look() {
        return CompletableFuture.completedFuture(observe());
    }

    @Override
    public ClusterObservation observe() {
        ClusterObservation seen = observed();
        afterObserving.run();
        return seen;
    }

    private synchronized ClusterObservation observed() {
        List<JobObservation> seen = liveness == Liveness.ANSWERS ? List.copyOf(jobs.values()) : List.of();
        return new ClusterObservation(Instant.EPOCH, liveness, detail, taskManagers(), seen);
    }

    @Override
    public EffectiveConfiguration effectiveConfiguration() {
        return new EffectiveConfiguration(new TreeMap<>(), new TreeMap<>(), Map.of());
    }

    @Override
    public synchronized List<TaskManagerObservation> taskManagers() {
        return List.copyOf(taskManagers.values());
    }

    @Override
    public JobGateway jobs() {
        return this;
    }

    @Override
    public String replaceTaskManager(NodeId node) {
        whileReplacing.run();
        synchronized (this) {
            replaced.add(node);
            return startTaskManager(node);
        }
    }

    @Override
    public void killTaskManager(NodeId node) {
        die(node.number(), Instant.EPOCH);
    }

    @Override
    public void killJobManager() {
        become(Liveness.DEAD, "killed as a drill");
    }

    @Override
    public StopConfirmation stop() {
        become(Liveness.DEAD, "stopped");
        return end;
    }

    @Override
    public synchronized CompletableFuture<Void> submit(JobSubmission submission) {
        submissions.add(submission);
        Optional<CompletableFuture<Void>> answer =
                answers.apply(submission.name().value());
        if (answer.isPresent()) {
            return answer.get();
        }
        ends.put(submission.jobId(), new CompletableFuture<>());
        jobs.put(
                submission.jobId(),
                new JobObservation(submission.jobId(), submission.name().value(), JobStatus.RUNNING, 1, 1, 0));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletableFuture<JobEnd> whenEnded(JobID jobId) {
        return ends.getOrDefault(jobId, CompletableFuture.failedFuture(new IllegalStateException("unknown job")));
    }

    @Override
    public JobClient client(JobID jobId, ClassLoader classLoader) {
        return new ScriptedJobClient(jobId, this::cancel, () -> stop.get());
    }

    @Override
    public synchronized CompletableFuture<JobObservation> observe(JobID jobId) {
        JobObservation job = jobs.get(jobId);
        return job == null
                ? CompletableFuture.failedFuture(new IllegalStateException("unknown job"))
                : CompletableFuture.completedFuture(job);
    }

    @Override
    public CompletableFuture<Long> checkpoint(JobID jobId) {
        return CompletableFuture.failedFuture(new IllegalStateException("A scripted cluster takes no checkpoints."));
    }

    @Override
    public synchronized CompletableFuture<JobProgress> progress(JobID jobId) {
        return progress.get();
    }

    @Override
    public synchronized CompletableFuture<List<JobFailure>> failures(JobID jobId) {
        return CompletableFuture.completedFuture(failures.getOrDefault(jobId, List.of()));
    }

    /** Lets Flink restart a job after a failure: it is seen with one restart more. */
    public synchronized void fail(JobID jobId, JobFailure failure) {
        List<JobFailure> newestFirst = new ArrayList<>(failures.getOrDefault(jobId, List.of()));
        newestFirst.add(0, failure);
        failures.put(jobId, newestFirst.subList(0, Math.min(16, newestFirst.size())));
        jobs.computeIfPresent(
                jobId,
                (id, job) -> new JobObservation(
                        id, job.name(), job.status(), job.tasks(), job.runningOrFinished(), job.taskRestarts() + 1));
    }

    private synchronized String startTaskManager(NodeId node) {
        String resourceId = node + "-tm-" + (replaced.size() + 1);
        taskManagers.put(node, new TaskManagerObservation(node, resourceId, Optional.empty()));
        return resourceId;
    }
}
