package io.flinkmanaged.launch.process;

import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobFailure;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.JobProgress;
import io.flinkmanaged.launch.JobRefusedException;
import io.flinkmanaged.launch.JobSubmission;
import io.flinkmanaged.model.TimeSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.flink.api.common.ApplicationID;
import org.apache.flink.api.common.ApplicationState;
import org.apache.flink.api.common.JobID;
import org.apache.flink.client.deployment.ClusterClientJobClientAdapter;
import org.apache.flink.client.program.ClusterClient;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.dispatcher.UnavailableDispatcherOperationException;
import org.apache.flink.runtime.messages.webmonitor.JobDetails;
import org.apache.flink.runtime.messages.webmonitor.MultipleJobsDetails;
import org.apache.flink.runtime.rest.messages.ApplicationMessageParameters;
import org.apache.flink.runtime.rest.messages.EmptyMessageParameters;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobExceptionsHeaders;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.JobsOverviewHeaders;
import org.apache.flink.runtime.rest.messages.application.ApplicationDetailsHeaders;
import org.apache.flink.runtime.rest.messages.job.JobExceptionsMessageParameters;
import org.apache.flink.runtime.rest.messages.job.JobExecutionResultHeaders;
import org.apache.flink.runtime.rest.messages.job.JobExecutionResultResponseBody;
import org.apache.flink.runtime.rest.messages.taskmanager.TaskManagerInfo;
import org.apache.flink.runtime.rest.messages.taskmanager.TaskManagersHeaders;
import org.apache.flink.runtime.rest.messages.taskmanager.TaskManagersInfo;
import org.apache.flink.runtime.rest.util.RestClientException;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpStatusClass;
import org.apache.flink.streaming.api.graph.ExecutionPlan;
import org.apache.flink.util.ExceptionUtils;

/** The jobs of an epoch that runs as processes, reached by Flink's own REST client. */
final class RestJobs implements JobGateway, AutoCloseable {

    /** The server's exception arrives as text. */
    private static final String STILL_INITIALIZING = UnavailableDispatcherOperationException.class.getName();

    private static final Duration ASK_AGAIN_AFTER = Duration.ofMillis(200);
    private static final String REST_ATTEMPTS = "rest.retry.max-attempts";

    private final RestAddresses addresses;
    private volatile RestClusterClient<String> client;
    private boolean closed;
    private final Reads reads;
    private final JobEnds ends;
    private final JobSightings sightings = new JobSightings();

    private RestJobs(RestAddresses addresses, RestClusterClient<String> client, TimeSource time, BooleanSupplier over) {
        this.addresses = addresses;
        this.client = client;
        this.reads = new Reads(time);
        this.ends = new JobEnds(this::resultOf, this::isListed, time, over);
    }

    /**
     * Opens the door.
     *
     * @param addresses where JobManagers answer
     * @param keys how this library proves who it is; not changed
     * @param over whether the epoch is known to be dead, so that waiting for its jobs is in vain
     */
    static RestJobs at(RestAddresses addresses, Configuration keys, TimeSource time, BooleanSupplier over)
            throws Exception {
        return new RestJobs(addresses, client(addresses, keys), time, over);
    }

    private static RestClusterClient<String> client(RestAddresses addresses, Configuration keys) throws Exception {
        Configuration configuration = new Configuration(keys);
        URI first = addresses.current();
        configuration.set(RestOptions.ADDRESS, first.getHost());
        configuration.set(RestOptions.PORT, first.getPort());
        configuration.set(RestOptions.CONNECTION_TIMEOUT, Duration.ofSeconds(5));
        configuration.setString(REST_ATTEMPTS, "1");
        configuration.set(RestOptions.RETRY_DELAY, ASK_AGAIN_AFTER);
        return new RestClusterClient<>(configuration, "flink-managed", (unused, handler) -> addresses.forClient());
    }

    /**
     * Asks from now on as somebody else. What is being asked meanwhile fails, as when a JobManager dies. Once the door is
     * closed, it does nothing.
     *
     * @param keys how this library proves who it is; not changed
     */
    synchronized void renew(Configuration keys) throws Exception {
        if (closed) {
            return;
        }
        RestClusterClient<String> former = client;
        client = client(addresses, keys);
        former.close();
    }

    @Override
    public CompletableFuture<Void> submit(JobSubmission submission) {
        ExecutionPlan plan = submission
                .plan()
                .prepare(
                        submission.jobId(),
                        submission.name().value(),
                        submission.configuration(),
                        submission.jars(),
                        submission.recoveryPoint())
                .unwrap(ExecutionPlan.class);
        return ask(() -> client.submitJob(plan))
                .thenCompose(accepted -> CompletableFuture.<Void>completedFuture(null))
                .exceptionallyCompose(failure -> notAccepted(submission, failure));
    }

    /**
     * Flink's client calls every failure a JobSubmissionException, a lost answer, too; only what the server said tells that the
     * job was refused.
     */
    private CompletableFuture<Void> notAccepted(JobSubmission submission, Throwable failure) {
        Optional<RestClientException> told = ExceptionUtils.findThrowable(failure, RestClientException.class);
        String said = told.map(Throwable::getMessage).orElse("");
        if (said.contains("DuplicateJobSubmissionException")
                || said.contains("DuplicateApplicationSubmissionException")) {
            return confirmed(submission, failure);
        }
        boolean refused = said.contains("JobSubmissionException")
                || told.map(RestClientException::getHttpResponseStatus)
                        .filter(status -> status.codeClass() == HttpStatusClass.CLIENT_ERROR)
                        .isPresent();
        return CompletableFuture.failedFuture(
                refused ? refused(submission, reason(failure), failure) : new CompletionException(failure));
    }

    /** Flink also calls a job a duplicate that it refused before, and of which nothing runs. */
    private CompletableFuture<Void> confirmed(JobSubmission submission, Throwable duplicate) {
        return isListed(submission.jobId()).thenCompose(known -> {
            if (known) {
                return CompletableFuture.completedFuture(null);
            }
            ApplicationMessageParameters parameters = new ApplicationMessageParameters();
            parameters.applicationPathParameter.resolve(
                    ApplicationID.fromHexString(submission.jobId().toHexString()));
            return read(() -> client.sendRequest(
                            ApplicationDetailsHeaders.getInstance(), parameters, EmptyRequestBody.getInstance()))
                    .thenCompose(application -> CompletableFuture.failedFuture(
                            application.getApplicationStatus().equals(ApplicationState.FAILED.name())
                                    ? refused(submission, "it refused the job before", duplicate)
                                    : new CompletionException(duplicate)));
        });
    }

    private static JobRefusedException refused(JobSubmission submission, String reason, Throwable failure) {
        return new JobRefusedException(
                "job \"" + submission.name() + "\": refused (expected: accepted). Flink says: " + reason, failure);
    }

    /** What the server threw comes as a text. */
    static boolean says(Throwable failure, String... names) {
        String text = ExceptionUtils.stringifyException(failure);
        for (String name : names) {
            if (text.contains(name)) {
                return true;
            }
        }
        return false;
    }

    /** The last "Caused by" of what the server threw. */
    private static String reason(Throwable failure) {
        String text = ExceptionUtils.findThrowable(failure, RestClientException.class)
                .map(Throwable::getMessage)
                .orElse("");
        int cause = text.lastIndexOf("Caused by: ");
        return cause < 0
                ? Failures.rootCause(failure)
                : text.substring(cause + "Caused by: ".length())
                        .lines()
                        .findFirst()
                        .orElse("");
    }

    @Override
    public CompletableFuture<JobEnd> whenEnded(JobID jobId) {
        return ends.whenEnded(jobId);
    }

    @Override
    public JobClient client(JobID jobId, ClassLoader classLoader) {
        return new ClusterClientJobClientAdapter<>(this::unclosable, jobId, classLoader);
    }

    /** Flink's job client closes the client after each call; ours serves all jobs. */
    @SuppressWarnings("unchecked")
    private ClusterClient<String> unclosable() {
        return (ClusterClient<String>) Proxy.newProxyInstance(
                ClusterClient.class.getClassLoader(),
                new Class<?>[] {ClusterClient.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    try {
                        return method.invoke(client, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Override
    public CompletableFuture<Long> checkpoint(JobID jobId) {
        return ask(() -> client.triggerCheckpoint(jobId, CheckpointType.CONFIGURED));
    }

    @Override
    public CompletableFuture<JobObservation> observe(JobID jobId) {
        return list().thenApply(jobs -> jobs.stream()
                .filter(job -> job.jobId().equals(jobId))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("Flink does not know the job " + jobId)));
    }

    /** A job whose master is only just being made has no progress; asked for it, Flink answers with an error. */
    @Override
    public CompletableFuture<JobProgress> progress(JobID jobId) {
        JobMessageParameters parameters = new JobMessageParameters();
        parameters.jobPathParameter.resolve(jobId);
        return read(() -> client.sendRequest(CheckpointQuestion.INSTANCE, parameters, EmptyRequestBody.getInstance()))
                .thenApply(CheckpointQuestion.Answer::progress)
                .exceptionallyCompose(
                        failure -> String.valueOf(failure.getMessage()).contains(STILL_INITIALIZING)
                                ? CompletableFuture.completedFuture(JobProgress.NONE)
                                : CompletableFuture.failedFuture(failure));
    }

    @Override
    public CompletableFuture<List<JobFailure>> failures(JobID jobId) {
        JobExceptionsMessageParameters parameters = new JobExceptionsMessageParameters();
        parameters.jobPathParameter.resolve(jobId);
        return read(() -> client.sendRequest(
                        JobExceptionsHeaders.getInstance(), parameters, EmptyRequestBody.getInstance()))
                .thenApply(told -> told.getExceptionHistory().getEntries().stream()
                        .map(entry -> JobFailure.of(Instant.ofEpochMilli(entry.getTimestamp()), entry.getStacktrace()))
                        .toList());
    }

    CompletableFuture<List<JobObservation>> list() {
        return read(() -> client.sendRequest(
                        JobsOverviewHeaders.getInstance(),
                        EmptyMessageParameters.getInstance(),
                        EmptyRequestBody.getInstance())
                .thenCompose(this::observed));
    }

    /**
     * Returns the TaskManagers that offer their slots, each with when it was heard last: milliseconds since 1970, or 0. One
     * that has only just registered offers none yet: its report of them is a message of its own.
     */
    CompletableFuture<Map<String, Long>> taskManagers() {
        return read(() -> client.sendRequest(
                        TaskManagersHeaders.getInstance(),
                        EmptyMessageParameters.getInstance(),
                        EmptyRequestBody.getInstance()))
                .thenApply(RestJobs::lastHeard);
    }

    private static Map<String, Long> lastHeard(TaskManagersInfo registered) {
        Map<String, Long> heard = new ConcurrentHashMap<>();
        for (TaskManagerInfo one : registered.getTaskManagerInfos()) {
            if (one.getNumberSlots() > 0) {
                heard.put(one.getResourceId().getResourceIdString(), one.getLastHeartbeat());
            }
        }
        return heard;
    }

    /** The overview does not tell of restarts; each living job is asked for its history. */
    private CompletableFuture<List<JobObservation>> observed(MultipleJobsDetails overview) {
        sightings.retain(overview.getJobs().stream().map(JobDetails::getJobId).toList());
        List<CompletableFuture<JobObservation>> observations = new ArrayList<>();
        for (JobDetails job : overview.getJobs()) {
            observations.add(
                    job.getStatus().isGloballyTerminalState()
                            ? CompletableFuture.completedFuture(sightings.of(job, Optional.empty()))
                            : client.getJobDetails(job.getJobId())
                                    .handle((details, failure) -> sightings.of(job, Optional.ofNullable(details))));
        }
        return CompletableFuture.allOf(observations.toArray(CompletableFuture[]::new))
                .thenApply(done ->
                        observations.stream().map(CompletableFuture::join).toList());
    }

    private CompletableFuture<JobExecutionResultResponseBody> resultOf(JobID jobId) {
        JobMessageParameters parameters = new JobMessageParameters();
        parameters.jobPathParameter.resolve(jobId);
        return read(() -> client.sendRequest(
                JobExecutionResultHeaders.getInstance(), parameters, EmptyRequestBody.getInstance()));
    }

    private CompletableFuture<Boolean> isListed(JobID jobId) {
        return list().thenApply(
                        jobs -> jobs.stream().anyMatch(job -> job.jobId().equals(jobId)));
    }

    /** A JobManager died: what is being read is asked again. */
    void jobManagerDied() {
        reads.jobManagerDied();
    }

    /** Asks what may be asked any number of times. */
    private <T> CompletableFuture<T> read(Supplier<CompletableFuture<T>> question) {
        return reads.read(() -> ask(question));
    }

    /** Asks, and if nobody answers there, asks the next JobManager the next time. */
    private <T> CompletableFuture<T> ask(Supplier<CompletableFuture<T>> question) {
        URI asked = addresses.current();
        CompletableFuture<T> answer;
        try {
            answer = question.get();
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.whenComplete((unused, failure) -> {
            if (failure != null
                    && ExceptionUtils.findThrowable(failure, RestClientException.class)
                            .filter(told -> told.getHttpResponseStatus().code() < 500)
                            .isEmpty()) {
                addresses.failed(asked);
            }
        });
    }

    @Override
    public void close() {
        ends.close();
        synchronized (this) {
            closed = true;
            client.close();
        }
    }
}
