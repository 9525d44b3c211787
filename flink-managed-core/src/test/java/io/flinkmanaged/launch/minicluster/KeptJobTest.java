package io.flinkmanaged.launch.minicluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.flink.CapturedJob;
import io.flinkmanaged.flink.CompiledJob;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.job.Artifact;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.job.UserJars;
import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobSubmission;
import io.flinkmanaged.launch.LaunchOrder;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts a cluster. */
class KeptJobTest {

    private static final ClusterName CLUSTER = new ClusterName("flights");

    @TempDir
    private Path temporary;

    /** What the embedder's new process has after the old one died: the storage, and none of the job's classes. */
    @Test
    void runsFromWhatTheStorageKeptWhenTheClassesAreGone() throws Exception {
        Path output = Directories.create(temporary.resolve("output"));
        try (StateStorage storage =
                StorageProviders.onClassPath().open(FileStorage.at(temporary.resolve("my state")))) {
            JobStore store = new JobStore(storage, CLUSTER);
            Artifact artifact = keep(store, output);
            List<Path> jars = store.artifacts().fetchJars(artifact, Directories.create(temporary.resolve("fetched")));
            JobID jobId = new JobID(1, 2);
            JobEnd end = run(
                    jobId,
                    new JobSubmission(
                            jobId,
                            new JobName("my job"),
                            store.artifacts().plan(artifact),
                            Map.of(),
                            jars,
                            artifact.onFlinkClassPath(),
                            Optional.empty()));
            assertThat(end.cause()).isEmpty();
            assertThat(end.status()).isEqualTo(JobStatus.FINISHED);
        }
        for (int number = 2; number <= 10; number += 2) {
            assertThat(output.resolve(number + ".txt")).hasContent("done");
        }
    }

    /** Compiles, captures and keeps a job, and deletes its classes. */
    private Artifact keep(JobStore store, Path output) throws Exception {
        CompiledJob job = CompiledJob.into(temporary.resolve("classes"));
        CapturedJob captured = job.capture(new Configuration(), output);
        UserJars packed = new UserJars(temporary.resolve("packed"));
        Artifact artifact = store.artifacts()
                .keep(
                        captured.plan(),
                        packed.of(captured.code().sources()),
                        captured.code().onFlinkClassPath());
        Directories.deleteTree(job.classes());
        Directories.deleteTree(temporary.resolve("packed"));
        return artifact;
    }

    private JobEnd run(JobID jobId, JobSubmission submission) throws Exception {
        ClusterSpec spec = ClusterSpec.named(CLUSTER.value()).plan(Plans.TINY).build();
        LaunchOrder order = new LaunchOrder(
                spec,
                new Epoch(1),
                temporary.resolve("epoch-1"),
                temporary.resolve("ha").toUri().toString(),
                List.of(),
                Optional::empty);
        try (SystemTimeSource time = new SystemTimeSource();
                InProcessLauncher launcher = new InProcessLauncher(time, Secrets.of(List.of()))) {
            LaunchedCluster cluster = launcher.launch(order, () -> {});
            try {
                Void unused = cluster.jobs().submit(submission).get(1, TimeUnit.MINUTES);
                return cluster.jobs().whenEnded(jobId).get(1, TimeUnit.MINUTES);
            } finally {
                assertThat(cluster.stop()).isEqualTo(StopConfirmation.CONFIRMED);
            }
        }
    }
}
