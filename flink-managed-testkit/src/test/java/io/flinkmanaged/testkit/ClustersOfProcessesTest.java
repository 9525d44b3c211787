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
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

    private static void awaitCheckpoints(ManagedJob job) throws Exception {
        try (Patience patience = new Patience()) {
            patience.awaitCheckpoints(job, 2);
        }
    }

    @ClusterTest(launcher = Launcher.PROCESSES)
    static class Failing {

        @Test
        void fails(ManagedCluster cluster) {
            Path directory = Path.of(cluster.spec()
                            .checkpoints()
                            .orElseThrow()
                            .location()
                            .uri())
                    .resolve("..")
                    .normalize();
            DIRECTORIES.add(directory);
            assertThat(Leftovers.of(directory)).hasSize(3);
            throw new IllegalStateException("on purpose");
        }
    }
}
