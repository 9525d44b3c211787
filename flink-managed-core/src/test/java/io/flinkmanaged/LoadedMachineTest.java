package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.JobInterrupted;
import io.flinkmanaged.event.ClusterEvent.ProcessHung;
import io.flinkmanaged.event.ClusterEvent.ProcessLost;
import io.flinkmanaged.event.ClusterEvent.TaskManagerLost;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plan;
import io.flinkmanaged.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nine JVMs under a job, on a machine where others want twice the processors there are: with the time-outs that are shipped,
 * nobody is taken for dead, and ZooKeeper's peers keep their leader. For a minute, or for as long as {@code -Dload=PT10M}
 * says. How much shorter the time-outs could be is asked with {@code -Dheartbeat=2s} and {@code -Dsession=2s}.
 */
@Tag("slow")
class LoadedMachineTest {

    private static final Duration LOAD = Duration.parse(System.getProperty("load", "PT1M"));
    private static final Optional<String> HEARTBEAT = Optional.ofNullable(System.getProperty("heartbeat"));
    private static final Optional<String> SESSION = Optional.ofNullable(System.getProperty("session"));
    private static final double PER_SECOND = 200;
    private static final int KILLED_STATUS = 137;

    @TempDir
    private Path temporary;

    private final Diary diary = new Diary();
    private final List<Process> others = new ArrayList<>();

    @AfterEach
    void killWhatIsLeft() throws IOException {
        others.forEach(Process::destroyForcibly);
        ProcessesBelow.kill(temporary);
    }

    @Test
    void nobodyIsTakenForDead() throws Exception {
        ClusterSpec.Builder builder = ClusterSpec.named("flights")
                .plan(Plan.custom("three-small", 3, MemorySize.ofMebiBytes(1024), 1))
                .checkpoints(
                        Checkpointing.every(Duration.ofSeconds(1)).to(FileStorage.at(temporary.resolve("storage"))));
        HEARTBEAT.ifPresent(timeout -> builder.override("heartbeat.timeout", timeout));
        SESSION.ifPresent(timeout -> builder.override("high-availability.zookeeper.client.session-timeout", timeout));
        ClusterSpec spec = builder.build();
        Path counts = Files.createDirectories(temporary.resolve("counts"));
        try (ManagedFlink flink = ManagedFlink.configure()
                        .listener(diary)
                        .withoutClassSharing()
                        .processes(temporary.resolve("processes"));
                ManagedCluster cluster = flink.launch(spec)) {
            ManagedJob job = cluster.submit("counting", environment -> {
                environment.setParallelism(2);
                Counting.defineWithFiles(environment, counts, Long.MAX_VALUE, PER_SECOND);
            });
            cluster.awaitHealthy(PATIENCE);
            int leader = cluster.drill().leader();
            long actions = flink.supervisorMetrics().actions();
            ZooKeeperPeers peers = new ZooKeeperPeers(temporary.resolve("processes/nodes/clusters/flights/epoch-1"));
            Map<Integer, List<String>> elections = peers.states();

            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                others.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
            }
            await().pollInterval(Duration.ofSeconds(1))
                    .during(LOAD)
                    .atMost(LOAD.plus(PATIENCE))
                    .untilAsserted(() -> assertThat(failures()).isEmpty());
            assertThat(others).allMatch(Process::isAlive);
            assertThat(peers.states()).isEqualTo(elections);
            assertThat(cluster.drill().leader()).isEqualTo(leader);
            assertThat(flink.supervisorMetrics().actions()).isEqualTo(actions);
            assertThat(cluster.incidents()).isEmpty();
            assertThat(job.progress().restored()).isEmpty();
            assertThat(job.progress().completedCheckpoints()).isGreaterThan(LOAD.toSeconds() / 4);
        }
        others.forEach(Process::destroyForcibly);
        for (Process other : others) {
            assertThat(other.waitFor()).isEqualTo(KILLED_STATUS);
        }
    }

    private List<ClusterEvent> failures() {
        List<ClusterEvent> failures = new ArrayList<>();
        List.of(TaskManagerLost.class, ProcessLost.class, ProcessHung.class, JobInterrupted.class)
                .forEach(kind -> failures.addAll(diary.of(kind)));
        return failures;
    }
}
