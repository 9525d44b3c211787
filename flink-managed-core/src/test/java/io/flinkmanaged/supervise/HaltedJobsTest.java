package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.model.SystemTimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that are stopped for a change of their cluster. */
class HaltedJobsTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    @Test
    void keepNobodyFromClosingTheCluster() throws Exception {
        try (SystemTimeSource real = new SystemTimeSource();
                SupervisedCluster closing = new SupervisedCluster(directory, real)) {
            closing.cluster.beginEpoch();
            CompletableFuture<ClusterJob> job = closing.submit("flights");
            assertThat(job).succeedsWithin(SOON);
            CountDownLatch asked = new CountDownLatch(1);
            closing.launcher.last().stop(() -> {
                asked.countDown();
                return new CompletableFuture<>();
            });
            CompletableFuture<List<ClusterJob>> halt =
                    closing.cluster.lane().run(() -> closing.cluster.jobs().halt(List.of(job.join()), true));
            assertThat(asked.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();

            closing.cluster.refuseNewWork();

            assertThat(halt).failsWithin(SOON).withThrowableThat().withMessageContaining("the cluster is being closed");
            assertThat(job.join().hasEnded()).isFalse();
        }
    }
}
