package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.event.ClusterEvent.CertificatesRenewed;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.event.ClusterEvent.ProcessHung;
import io.flinkmanaged.event.ClusterEvent.ProcessRestarted;
import io.flinkmanaged.event.ClusterEvent.TaskManagerReplaced;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.security.AccessGrant;
import io.flinkmanaged.security.Strangers;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plan;
import io.flinkmanaged.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nine processes under a counting job are started anew, one after the other, in each step of a rotation. */
@Tag("slow")
class CertificateRenewalTest {

    private static final int NODES = 3;
    private static final long NUMBERS = 60_000;
    private static final double PER_SECOND = 200;

    @TempDir
    private Path temporary;

    private final Diary diary = new Diary();

    @AfterEach
    void killWhatIsLeft() throws IOException {
        ProcessesBelow.kill(temporary);
    }

    @Test
    void newAuthoritiesTakeOverUnderARunningJobWithExactState() throws Exception {
        ClusterSpec spec = ClusterSpec.named("flights")
                .plan(Plan.custom("three-small", NODES, MemorySize.ofMebiBytes(1024), 1))
                .checkpoints(
                        Checkpointing.every(Duration.ofMillis(500)).to(FileStorage.at(temporary.resolve("storage"))))
                .build();
        Path counts = Files.createDirectories(temporary.resolve("counts"));
        try (ManagedFlink flink = ManagedFlink.configure()
                        .listener(diary)
                        .withoutClassSharing()
                        .processes(temporary.resolve("processes"));
                ManagedCluster cluster = flink.launch(spec)) {
            ManagedJob unused = cluster.submit("counting", environment -> {
                environment.setParallelism(2);
                Counting.defineWithFiles(environment, counts, NUMBERS, PER_SECOND);
            });
            cluster.awaitHealthy(PATIENCE);
            AccessGrant before = cluster.grantAccess("before", Duration.ofHours(1));
            assertThat(Strangers.isWelcome(before, cluster.webUi())).isTrue();

            cluster.certificates().replaceAuthorities();

            // Events are told on a thread of their own, in order.
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(diary.of(CertificatesRenewed.class))
                    .singleElement()
                    .satisfies(renewed -> assertThat(renewed.authorities()).isTrue()));
            assertThat(diary.of(TaskManagerReplaced.class)).hasSize(3 * NODES);
            assertThat(diary.of(ProcessRestarted.class)).hasSize(3 * 2 * NODES);
            cluster.awaitHealthy(PATIENCE);
            assertThat(Strangers.isWelcome(before, cluster.webUi())).isFalse();
            assertThat(Strangers.isWelcome(cluster.grantAccess("after", Duration.ofHours(1)), cluster.webUi()))
                    .isTrue();

            // The library itself is known to everybody: it sees the death, and puts the leader back.
            cluster.drill().killJobManager();
            await().atMost(PATIENCE.multipliedBy(2))
                    .until(() -> diary.of(ProcessRestarted.class).size() == 3 * 2 * NODES + 1);
            cluster.awaitHealthy(PATIENCE);

            await().atMost(PATIENCE.multipliedBy(8))
                    .until(() -> Counting.files(counts).size() == Counting.KEYS);
            assertThat(diary.of(EpochStarted.class)).hasSize(1);
            assertThat(diary.of(ProcessHung.class)).isEmpty();
            assertThat(diary.of(OperationFailed.class)).isEmpty();
        }
        Map<String, String> exact = new TreeMap<>();
        Counting.expected(NUMBERS).forEach((key, count) -> exact.put(key.toString(), count.toString()));
        assertThat(Counting.files(counts)).isEqualTo(exact);
        assertThat(ProcessesBelow.of(temporary)).isEmpty();
    }

    @Test
    void aClusterWithoutCertificatesHasNoneToRenew() {
        try (ManagedFlink flink = ManagedFlink.inProcess();
                ManagedCluster cluster = flink.launch(TestClusters.spec("flights", temporary))) {
            Certificates certificates = cluster.certificates();
            assertThatThrownBy(certificates::renew)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("Run it with ManagedFlink.processes(…)");
        }
    }
}
