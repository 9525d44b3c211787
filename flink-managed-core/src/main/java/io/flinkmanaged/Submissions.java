package io.flinkmanaged;

import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.cluster.RunningEpoch;
import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.flink.BoundEnvironment;
import io.flinkmanaged.flink.CapturedJob;
import io.flinkmanaged.flink.ContextEnvironment;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.job.JobOptions;
import io.flinkmanaged.job.StartingPoint;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** Runs programs against a cluster, and submits what they execute. */
final class Submissions {

    /**
     * What of the cluster's configuration Flink evaluates where a program is built. The rest stays the cluster's alone:
     * a kept plan must not carry an epoch's ports and directories into the next.
     */
    private static final List<String> EVALUATED_IN_PROGRAM =
            List.of("execution.", "pipeline.", "parallelism.default", "table.");

    private static final Duration ACCEPTED_WITHIN = Duration.ofMinutes(5);

    private final Cluster cluster;
    private final TimeSource time;

    Submissions(Cluster cluster, TimeSource time) {
        this.cluster = cluster;
        this.time = time;
    }

    StreamExecutionEnvironment environment() {
        ClassLoader classLoader = contextClassLoader();
        return BoundEnvironment.create(defaults(), true, classLoader, captured -> {
            // Two programs that name nothing have Flink's default name in common, and nothing else.
            StartingPoint wanted = captured.isNamed() ? StartingPoint.asItEnded() : StartingPoint.empty();
            ClusterJob job = submit(
                    new JobName(captured.name()), captured, JobOptions.usual().from(wanted), classLoader);
            return CompletableFuture.completedFuture(new ManagedJob(cluster, job, time).client());
        });
    }

    ClusterJob submit(JobName name, JobOptions options, JobProgram program) {
        ClassLoader classLoader =
                Objects.requireNonNullElseGet(program.getClass().getClassLoader(), Submissions::contextClassLoader);
        AtomicReference<@Nullable ClusterJob> submitted = new AtomicReference<>();
        StreamExecutionEnvironment environment = BoundEnvironment.create(defaults(), false, classLoader, captured -> {
            if (submitted.get() != null) {
                throw InvalidInputException.of(
                        "program of job \"" + name + "\"",
                        "calls execute a second time",
                        "one call",
                        "Submit each job by a call of submit(…) of its own.");
            }
            ClusterJob job = submit(name, captured, options, classLoader);
            submitted.set(job);
            return CompletableFuture.completedFuture(new ManagedJob(cluster, job, time).client());
        });
        try {
            ContextEnvironment.run(
                    configuration -> configured(environment, configuration), () -> program.define(environment));
        } catch (Throwable e) {
            cancelAfter(e, submitted.get());
            throw programFailed(name, e);
        }
        ClusterJob job = submitted.get();
        if (job == null) {
            throw InvalidInputException.of(
                    "program of job \"" + name + "\"",
                    "returned without a call of execute",
                    "one call of execute() or executeAsync()",
                    "Call environment.execute() at its end.");
        }
        return job;
    }

    private ClusterJob submit(JobName name, CapturedJob captured, JobOptions options, ClassLoader classLoader) {
        StartingPoint wanted =
                captured.requestedRecoveryPoint().map(StartingPoint::at).orElse(options.startingPoint());
        ClusterJob reserved = cluster.jobs().reserve(name, options.priority(), captured, classLoader);
        CompletableFuture<Boolean> submission = cluster.lane().run(() -> {
            submitUnlessWithdrawn(reserved, captured, wanted);
            return true;
        });
        try {
            boolean unused = Waiting.await(
                    cluster.spec().name().value(),
                    "job \"" + name + "\", accepted",
                    submission,
                    ACCEPTED_WITHIN,
                    () -> "still in the queue of operations");
        } catch (RuntimeException e) {
            reserved.withdraw();
            throw e;
        }
        return reserved;
    }

    /** Whoever was interrupted while he waited has been told that nothing runs. */
    private void submitUnlessWithdrawn(ClusterJob reserved, CapturedJob captured, StartingPoint wanted) {
        ManagedFlinkException withdrawn = new ManagedFlinkException(
                ManagedFlinkException.Code.CLOSED,
                "job \"" + reserved.name() + "\": withdrawn (expected: awaited). Submit it again.");
        if (reserved.isWithdrawn()) {
            cluster.jobs().giveBack(reserved, withdrawn);
            throw withdrawn;
        }
        RunningEpoch running;
        try {
            running = cluster.requireCurrent();
        } catch (ManagedFlinkException e) {
            cluster.jobs().giveBack(reserved, e);
            throw e;
        }
        cluster.jobs().submit(reserved, captured, wanted, running);
        if (reserved.isWithdrawn()) {
            CompletableFuture<Void> unused = cluster.jobs().noteCancel(reserved).thenCompose(noted -> reserved.client()
                    .cancel());
            throw withdrawn;
        }
    }

    private void cancelAfter(Throwable cause, @Nullable ClusterJob job) {
        if (job == null) {
            return;
        }
        try {
            new ManagedJob(cluster, job, time).cancel();
        } catch (ManagedFlinkException e) {
            cause.addSuppressed(e);
        }
    }

    private static RuntimeException programFailed(JobName name, Throwable failure) {
        Throwable cause = Failures.unwrap(failure);
        Throwable ours = cause.getCause();
        if (cause instanceof ManagedFlinkException known) {
            return known;
        }
        if (ours instanceof ManagedFlinkException known) {
            // Flink's execute() wraps what the submission threw.
            return known;
        }
        return InvalidInputException.of(
                        "program of job \"" + name + "\"",
                        "threw " + Failures.rootCause(failure),
                        "defines the job and returns",
                        "Correct the program; nothing of it was left running.")
                .because(failure);
    }

    private static StreamExecutionEnvironment configured(
            StreamExecutionEnvironment environment, Configuration configuration) {
        environment.configure(configuration);
        return environment;
    }

    private Configuration defaults() {
        LayeredConfiguration rendered = cluster.requireCurrent().configuration();
        Configuration configuration = new Configuration();
        for (Setting setting : rendered.effective()) {
            if (EVALUATED_IN_PROGRAM.stream().anyMatch(setting.key()::startsWith)) {
                configuration.setString(setting.key(), setting.value());
            }
        }
        return configuration;
    }

    private static ClassLoader contextClassLoader() {
        return Objects.requireNonNullElseGet(
                Thread.currentThread().getContextClassLoader(), Submissions.class::getClassLoader);
    }
}
