package io.flinkmanaged.testkit.proof;

import static io.flinkmanaged.testkit.Target.leader;
import static io.flinkmanaged.testkit.Target.taskManager;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.testkit.ClusterTest;
import io.flinkmanaged.testkit.Faults;
import io.flinkmanaged.testkit.TestPlan;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.connector.sink2.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sound job passes through kills and changes of its parallelism; each broken sink fails. */
@ClusterTest(plan = TestPlan.THREE_NODE_TINY)
class ExactlyOnceProofTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long NUMBERS = 2_000;
    private static final double PER_SECOND = 2_000;

    private final ManagedCluster cluster;

    ExactlyOnceProofTest(ManagedCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void aSoundJobPassesThroughKillsAndWithEveryParallelism(Faults faults, ExactlyOnceProof proof) {
        ManagedJob job = submit(proof, 4);
        assertThat(faults.kill(taskManager(2))).isHealedWithin(PATIENCE);
        awaitCheckpoints(job);
        assertThat(faults.kill(leader())).isHealedWithin(PATIENCE);
        awaitCheckpoints(job);
        String unusedFirst = job.stopWithSavepoint();
        assertThat(proof).isExactlyOnce();

        for (int parallelism : new int[] {1, 6}) {
            long before = proof.report().found();
            ManagedJob continued = submit(proof, parallelism);
            awaitCheckpoints(continued);
            String unused = continued.stopWithSavepoint();
            assertThat(proof).isExactlyOnce();
            assertThat(proof.report().found()).isGreaterThan(before);
        }
    }

    @Test
    void aJobWithAnEndShowsEachOfItsNumbers(Faults faults, ExactlyOnceProof proof) {
        ManagedJob job = submit(proof, 5 * NUMBERS, proof.sink());
        awaitCheckpoints(job);
        assertThat(faults.kill(taskManager(1))).isHealedWithin(PATIENCE);
        assertThat(proof.report().missing().count()).isPositive();
        job.awaitFinished(PATIENCE);
        assertThat(proof).isExactlyOnce();
        assertThat(proof.report().expected()).isEqualTo(5 * NUMBERS);
    }

    @Test
    void aSinkThatDropsFails(ExactlyOnceProof proof) {
        submit(proof, NUMBERS, damaged(proof, number -> number % 100 == 17 ? 0 : 1))
                .awaitFinished(PATIENCE);
        assertThatThrownBy(() -> assertThat(proof).isExactlyOnce())
                .hasMessageContaining("20 missing: 17, 117, 217")
                .hasMessageNotContaining("doubled");
    }

    @Test
    void aSinkThatDuplicatesFails(ExactlyOnceProof proof) {
        submit(proof, NUMBERS, damaged(proof, number -> number == 1234 ? 2 : 1)).awaitFinished(PATIENCE);
        assertThatThrownBy(() -> assertThat(proof).isExactlyOnce())
                .hasMessageContaining("1 doubled: 1234 (2 times)")
                .hasMessageNotContaining("missing");
    }

    @Test
    void aSinkThatCommitsBeforeTheCheckpointIsCompleteFails(
            Faults faults, ExactlyOnceProof proof, @TempDir Path directory) {
        HastySink hasty = new HastySink(directory.toString());
        ManagedJob job = cluster.submit("hasty", environment -> {
            // None is completed before the fault, so that what was written until then is written again.
            environment.enableCheckpointing(Duration.ofHours(1).toMillis());
            proof.numbers(environment, PER_SECOND).sinkTo(hasty);
            environment.execute("hasty");
        });
        await().atMost(PATIENCE).until(() -> hasty.output().count() > 100);
        for (int node = 1; node <= 3; node++) {
            assertThat(faults.kill(taskManager(node))).isHealedWithin(PATIENCE);
        }
        await().atMost(PATIENCE)
                .until(() -> proof.judge(hasty.output()).doubled().count() > 0);
        job.cancel();
        assertThatThrownBy(() -> assertThat(proof.judge(hasty.output())).isExactlyOnce())
                .hasMessageContaining("doubled: ");
    }

    private ManagedJob submit(ExactlyOnceProof proof, int parallelism) {
        return cluster.submit("sound", environment -> {
            environment.setParallelism(parallelism);
            proof.numbers(environment, PER_SECOND)
                    .rebalance()
                    .map(number -> number)
                    .uid("map")
                    .sinkTo(proof.sink())
                    .uid("sink");
            environment.execute("sound");
        });
    }

    private ManagedJob submit(ExactlyOnceProof proof, long numbers, Sink<Long> sink) {
        return cluster.submit("ends", environment -> {
            environment.setParallelism(2);
            proof.numbers(environment, numbers, PER_SECOND).sinkTo(sink);
            environment.execute("ends");
        });
    }

    private static Sink<Long> damaged(ExactlyOnceProof proof, DamagedSink.Times times) {
        return new DamagedSink((CommittingFileSink) proof.sink(), times);
    }

    private static void awaitCheckpoints(ManagedJob job) {
        long seen = job.progress().completedCheckpoints();
        await().atMost(PATIENCE).until(() -> job.progress().completedCheckpoints() >= seen + 2);
    }
}
