package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.StateBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RocksDB by one word, on the class path that everybody has who depends on core. */
class StateInRocksDbTest {

    private static final long NUMBERS = 3000;

    @TempDir
    private Path temporary;

    @Test
    void aJobKeepsItsStateInRocksDbAndFindsItAgainAfterALoss() {
        ClusterSpec spec = TestClusters.spec("rocks", temporary.resolve("storage")).toBuilder()
                .stateBackend(StateBackend.ROCKSDB)
                .build();
        Path working = temporary.resolve("working");
        try (ManagedFlink flink =
                        ManagedFlink.configure().workingDirectory(working).inProcess();
                ManagedCluster cluster = flink.launch(spec)) {
            ManagedJob job =
                    cluster.submit("counting", environment -> Counting.define(environment, "rocks", NUMBERS, 1000));
            await().atMost(PATIENCE).until(() -> Counting.total("rocks") > NUMBERS / 3);
            assertThat(databases(working)).isPositive();
            cluster.drill().killTaskManager(1);
            job.awaitFinished(PATIENCE);
            assertThat(Counting.counts("rocks")).isEqualTo(Counting.expected(NUMBERS));
        }
    }

    /** RocksDB keeps a file CURRENT in each database. */
    private static long databases(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.endsWith("CURRENT")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
