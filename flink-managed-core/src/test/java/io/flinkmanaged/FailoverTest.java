package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.event.ClusterEvent.EpochEnded;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.event.ClusterEvent.HealthChanged;
import io.flinkmanaged.event.ClusterEvent.JobRunning;
import io.flinkmanaged.event.ClusterEvent.JobSubmitted;
import io.flinkmanaged.event.ClusterEvent.TaskManagerLost;
import io.flinkmanaged.event.ClusterEvent.TaskManagerReplaced;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.supervise.Decision;
import io.flinkmanaged.supervise.Health;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What breaks is healed, and the sums stay exact. */
class FailoverTest {

    @TempDir
    Path storage;

    private final Diary diary = new Diary();

    @Test
    void replacesAKilledTaskManagerAndThenABrokenClusterWithExactSums() {
        try (ManagedFlink flink = ManagedFlink.configure().listener(diary).inProcess();
                ManagedCluster cluster = flink.launch(TestClusters.spec("breaks", storage))) {
            ManagedJob job = cluster.submit("sums", environment -> Counting.define(environment, "breaks", 2000, 400));
            await().until(() -> job.progress().completedCheckpoints() >= 2);

            cluster.drill().killTaskManager(1);
            await().untilAsserted(() -> assertThat(diary.of(JobRunning.class))
                    .anyMatch(event -> event.interruption().isPresent()
                            && event.restoredCheckpoint().isPresent()));
            assertThat(diary.of(TaskManagerLost.class)).singleElement().satisfies(lost -> assertThat(lost.cause())
                    .isEqualTo("killed as a drill"));
            assertThat(diary.of(TaskManagerReplaced.class)).hasSize(1);
            assertThat(cluster.epoch()).isEqualTo(1);
            await().untilAsserted(() -> assertThat(cluster.incidents())
                    .singleElement()
                    .satisfies(incident -> {
                        assertThat(incident.open()).isFalse();
                        assertThat(incident.root()).isInstanceOf(TaskManagerLost.class);
                        assertThat(incident.timeline().died()).isPresent();
                        assertThat(incident.timeline().acted()).isPresent();
                        assertThat(incident.timeline().running()).isPresent();
                        assertThat(incident.timeline().caughtUp()).isPresent();
                        assertThat(incident.reprocessed()).hasSize(1).allMatch(twice -> twice.span()
                                .isPresent());
                    }));

            long before = job.progress().completedCheckpoints();
            await().until(() -> job.progress().completedCheckpoints() > before);
            cluster.drill().killJobManager();
            await().until(() -> diary.of(EpochStarted.class).size() == 2);
            job.awaitFinished(PATIENCE);

            assertThat(Counting.counts("breaks")).isEqualTo(Counting.expected(2000));
            assertThat(job.attemptId()).hasToString("epoch-2-attempt-1");
            assertThat(job.startingPoint()).get().asString().contains("/epoch-1-attempt-1/checkpoints/");
            assertThat(diary.of(EpochEnded.class)).first().satisfies(ended -> assertThat(ended.reason())
                    .contains("killed as a drill"));
            assertThat(diary.of(JobSubmitted.class)).hasSize(2);
        }
    }

    @Test
    void survivesTheLossOfTwoOfThreeTaskManagersAtOnce() {
        try (ManagedFlink flink = ManagedFlink.configure().listener(diary).inProcess();
                ManagedCluster cluster = flink.launch(TestClusters.spec("three", Plans.THREE_NODE_4GB, storage))) {
            ManagedJob job = cluster.submit("sums", environment -> {
                environment.setParallelism(6);
                Counting.define(environment, "three", 2400, 600);
            });
            await().until(() -> job.progress().completedCheckpoints() >= 2);

            cluster.drill().killTaskManager(1);
            cluster.drill().killTaskManager(3);
            await().until(() -> diary.of(TaskManagerReplaced.class).size() == 2);
            job.awaitFinished(PATIENCE);

            assertThat(Counting.counts("three")).isEqualTo(Counting.expected(2400));
            assertThat(cluster.observe().taskManagers())
                    .hasSize(3)
                    .allMatch(taskManager -> taskManager.death().isEmpty());
            assertThat(cluster.epoch()).isEqualTo(1);
        }
    }

    @Test
    void healsWhileAListenerBlocks() {
        CountDownLatch released = new CountDownLatch(1);
        try (ManagedFlink flink = ManagedFlink.configure()
                        .listener(event -> Uninterruptibles.awaitUninterruptibly(released))
                        .inProcess();
                ManagedCluster cluster = flink.launch(TestClusters.spec("unheard", storage))) {
            try {
                cluster.drill().killTaskManager(1);
                await().untilAsserted(() -> assertThat(cluster.incidents())
                        .singleElement()
                        .satisfies(incident -> assertThat(incident.open()).isFalse()));
                assertThat(cluster.observe().taskManagers()).singleElement().satisfies(taskManager -> assertThat(
                                taskManager.death())
                        .isEmpty());
            } finally {
                released.countDown();
            }
        }
    }

    @Test
    void givesUpLoudlyWhenThePolicySaysSo() {
        try (ManagedFlink flink = ManagedFlink.configure()
                        .listener(diary)
                        .failoverPolicy(
                                situation -> switch (situation.observation().liveness()) {
                                    case DEAD -> new Decision.GiveUp("enough");
                                    default -> new Decision.Wait(new Health(Health.State.HEALTHY, "fine"));
                                })
                        .inProcess();
                ManagedCluster cluster = flink.launch(TestClusters.spec("hopeless", storage))) {
            ManagedJob job = cluster.submit("sums", environment -> Counting.define(environment, "hopeless", 9000, 100));

            cluster.drill().killJobManager();

            assertThatThrownBy(() -> job.awaitFinished(PATIENCE))
                    .isInstanceOf(ManagedFlinkException.class)
                    .hasMessageContaining("cluster hopeless: given up");
            await().untilAsserted(() -> assertThat(diary.of(HealthChanged.class))
                    .anyMatch(event -> event.health().equals("GAVE_UP")));
            assertThatThrownBy(() -> cluster.awaitHealthy(PATIENCE)).hasMessageContaining("GAVE_UP, enough");
        }
    }
}
