package io.flinkmanaged.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.StorageLocation;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SpecDifferenceTest {

    private final ClusterSpec plain = ClusterSpec.named("flights").build();

    @Test
    void isNoneBetweenEqualSpecs() {
        assertThat(SpecDifference.between(withOptions(Map.of("a", "1")), withOptions(Map.of("a", "1"))))
                .isEmpty();
    }

    @Test
    void showsASetting() {
        assertThat(SpecDifference.between(plain, plain.toBuilder().taskSlots(2).build()))
                .extracting(SpecDifference::toString)
                .containsExactly("taskSlots: 1 → 2");
    }

    @Test
    void showsWhereCheckpointsGoAndWhichStorageOptionsDifferButNotTheirValues() {
        ClusterSpec before = withOptions(Map.of("s3.secret-key", "${secret:env:HUNTER2}", "s3.endpoint", "here"));
        assertThat(SpecDifference.between(plain, before))
                .extracting(SpecDifference::toString)
                .containsExactly(
                        "checkpoints: not set → every 1 s to s3://bucket/flink, timeout 10 min, minimumPause 500 ms, "
                                + "retained 3, aligned, incremental, toleratedFailures 1800",
                        "checkpoints storage option s3.endpoint: not set → …",
                        "checkpoints storage option s3.secret-key: not set → …");
        assertThat(SpecDifference.between(before, withOptions(Map.of("s3.secret-key", "${secret:env:HUNTER3}"))))
                .extracting(SpecDifference::toString)
                .containsExactly(
                        "checkpoints storage option s3.endpoint: … → not set",
                        "checkpoints storage option s3.secret-key: … → …");
    }

    @Test
    void namesOverridesWithoutTheirValues() {
        ClusterSpec other =
                plain.toBuilder().override("parallelism.default", "4").build();
        assertThat(SpecDifference.between(plain, other))
                .extracting(SpecDifference::toString)
                .containsExactly("override parallelism.default: not set → …");
    }

    private ClusterSpec withOptions(Map<String, String> options) {
        StorageLocation location = new StorageLocation(URI.create("s3://bucket/flink"), new TreeMap<>(options));
        return plain.toBuilder()
                .checkpoints(Checkpointing.every(Duration.ofSeconds(1)).to(location))
                .build();
    }
}
