package io.flinkmanaged.testkit;

import static io.flinkmanaged.testkit.Target.leader;
import static io.flinkmanaged.testkit.Target.node;
import static io.flinkmanaged.testkit.Target.taskManager;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.suppressed;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.testkit.ClusterTest.Launcher;
import io.flinkmanaged.testkit.proof.ExactlyOnceProof;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The same tests on real JVMs, which can hang. */
@Tag("slow")
@ClusterTest(launcher = Launcher.PROCESSES)
class ClustersOfProcessesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Those of failed tests. */
    private static final List<Path> DIRECTORIES = new CopyOnWriteArrayList<>();

    @Test
    void everyFaultIsHealedAndNothingIsLostOrDoubled(ManagedCluster cluster, Faults faults, ExactlyOnceProof proof)
            throws Exception {
        ManagedJob job = cluster.submit("proved", environment -> {
            // A lambda of a class whose methods speak of what nodes do not have.
            proof.numbers(environment, 500).map(number -> number).rebalance().sinkTo(proof.sink());
            environment.execute("proved");
        });
        awaitCheckpoints(job);
        assertThat(faults.kill(taskManager(1))).isHealedWithin(PATIENCE);
        assertThat(faults.kill(leader())).isHealedWithin(PATIENCE);
        awaitCheckpoints(job);
        assertThat(faults.kill(node(1))).isHealedWithin(PATIENCE);
        awaitCheckpoints(job);
        assertThat(faults.hang(taskManager(1))).isHealedWithin(PATIENCE);
        awaitCheckpoints(job);
        assertThat(faults.hang(leader())).isHealedWithin(PATIENCE);
        awaitCheckpoints(job);
        String taken = job.savepoint();
        String stoppedWith = job.stopWithSavepoint();
        assertThat(Path.of(URI.create(taken).getPath()).getParent())
                .isEqualTo(Path.of(URI.create(stoppedWith).getPath()).getParent());
        assertThat(proof).isExactlyOnce();
        assertThat(logs(cluster, "jobmanager", "jobmanager.log"))
                .anySatisfy(log -> assertThat(log).content().contains(" job=" + job.jobId() + " - "));
        assertThat(logs(cluster, "taskmanager", "taskmanager.log"))
                .anySatisfy(log -> assertThat(log).content().contains(" job=" + job.jobId() + " - "));
        assertThat(logs(cluster, "taskmanager", "taskmanager.log.1"))
                .as("what a TaskManager left that was replaced in its epoch")
                .isNotEmpty();
    }

    /** Over TLS, with an identity of its own. */
    @Test
    void existingCodeRunsInTheEnvironmentOfACluster(ManagedCluster cluster) throws Exception {
        assertThat(cluster.webUi()).hasScheme("https");
        StreamExecutionEnvironment environment = cluster.environment();
        environment.fromSequence(1, 5).map(number -> number).sinkTo(new DiscardingSink<>());

        JobExecutionResult result = environment.execute("existing");

        ManagedJob job = cluster.job("existing").orElseThrow();
        assertThat(result.getJobID()).isEqualTo(job.jobId());
        assertThat(job.status()).isEqualTo(JobStatus.FINISHED);
    }

    @Test
    void aFailureTellsTheLogsOfTheProcessesAndNoProcessIsLeft() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(Failing.class))
                .execute()
                .testEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(finishedWithFailure(
                                message("on purpose"),
                                suppressed(
                                        0,
                                        message(text -> text.contains("node-1/jobmanager/log/jobmanager.log:")
                                                && text.contains("node-1/taskmanager/log/taskmanager.log:"))))));
        assertThat(DIRECTORIES).singleElement().satisfies(directory -> {
            assertThat(directory).doesNotExist();
            assertThat(Leftovers.of(directory)).isEmpty();
        });
    }

    /** The log files of that name, of all epochs. Looks nowhere else: below, Flink's processes delete as they like. */
    private static List<Path> logs(ManagedCluster cluster, String process, String name) throws IOException {
        Path epochs = directoryOf(cluster)
                .resolve("processes/nodes/clusters")
                .resolve(cluster.spec().name().value());
        List<Path> files = new ArrayList<>();
        for (Path directory : List.of(epochs, epochs.resolve("logs"))) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "epoch-*")) {
                for (Path epoch : found) {
                    files.add(epoch.resolve("node-1")
                            .resolve(process)
                            .resolve("log")
                            .resolve(name));
                }
            }
        }
        files.removeIf(Files::notExists);
        return files;
    }

    private static Path directoryOf(ManagedCluster cluster) {
        return Path.of(cluster.spec().checkpoints().orElseThrow().location().uri())
                .resolve("..")
                .normalize();
    }

    private static void awaitCheckpoints(ManagedJob job) throws Exception {
        try (Patience patience = new Patience()) {
            patience.awaitCheckpoints(job, 2);
        }
    }

    @ClusterTest(launcher = Launcher.PROCESSES)
    static class Failing {

        @Test
        void fails(ManagedCluster cluster) {
            Path directory = directoryOf(cluster);
            DIRECTORIES.add(directory);
            assertThat(Leftovers.of(directory)).hasSize(3);
            throw new IllegalStateException("on purpose");
        }
    }
}
