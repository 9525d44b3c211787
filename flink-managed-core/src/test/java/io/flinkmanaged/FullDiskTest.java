package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.supervise.Health;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk of a node has no room left, for a while; state in RocksDB. A file system of its own, so for root only. */
@Tag("slow")
class FullDiskTest {

    private static final long NUMBERS = 12_000;
    private static final double PER_SECOND = 200;

    @TempDir
    private Path temporary;

    private final Diary diary = new Diary();
    private boolean mounted;

    @AfterEach
    void killWhatIsLeft() throws Exception {
        ProcessesBelow.kill(temporary);
        if (mounted) {
            assertThat(run("umount", "--lazy", disk().toString())).isZero();
        }
    }

    @Test
    void whatFailsForWantOfRoomGoesOnWhenThereIsRoomAgain() throws Exception {
        mounted = run(
                        "mount",
                        "-t",
                        "tmpfs",
                        "-o",
                        "size=400m",
                        "tmpfs",
                        Files.createDirectories(disk()).toString())
                == 0;
        assumeThat(mounted).as("only root may mount a disk").isTrue();
        ClusterSpec spec = TestClusters.spec("flights", temporary.resolve("storage")).toBuilder()
                .stateBackend(StateBackend.ROCKSDB)
                .build();
        Path counts = Files.createDirectories(temporary.resolve("counts"));
        try (ManagedFlink flink = ManagedFlink.configure()
                        .listener(diary)
                        .withoutClassSharing()
                        .processes(temporary.resolve("processes"));
                ManagedCluster cluster = flink.launch(spec)) {
            ManagedJob counting = cluster.submit(
                    "counting", environment -> Counting.defineWithFiles(environment, counts, NUMBERS, PER_SECOND));
            cluster.awaitHealthy(PATIENCE);

            Path filler = fill();
            await("trouble").atMost(PATIENCE).until(() -> isInTrouble(counting, cluster));
            Files.delete(filler);
            cluster.awaitHealthy(PATIENCE.multipliedBy(2));
            await().atMost(PATIENCE.multipliedBy(2))
                    .until(() -> Counting.files(counts).size() == Counting.KEYS);
            assertThat(diary.of(EpochStarted.class)).as("%s", diary.all()).hasSize(1);
        }
        Map<String, String> exact = new TreeMap<>();
        Counting.expected(NUMBERS).forEach((key, count) -> exact.put(key.toString(), count.toString()));
        assertThat(Counting.files(counts)).isEqualTo(exact);
        assertThat(ProcessesBelow.of(temporary)).isEmpty();
    }

    private static boolean isInTrouble(ManagedJob job, ManagedCluster cluster) {
        return job.status() != JobStatus.RUNNING
                || job.progress().failedCheckpoints() > 2
                || cluster.health().state() != Health.State.HEALTHY;
    }

    private Path disk() {
        return temporary.resolve("processes/nodes/clusters");
    }

    /** Writes until nothing can be written any more. */
    private Path fill() throws IOException {
        Path filler = disk().resolve("filler");
        byte[] zeros = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(zeros);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
            return filler;
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
