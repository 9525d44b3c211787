package io.flinkmanaged.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.model.InvalidInputException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.configuration.MemorySize;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final StorageLocation LOCATION = StorageLocation.at("file:///data/flink");
    private static final Checkpointing CHECKPOINTS =
            Checkpointing.every(Duration.ofSeconds(1)).to(LOCATION);
    private static final MemorySize ONE_GIBIBYTE = MemorySize.ofMebiBytes(1024);

    @Test
    void checkpointsHaveDefaults() {
        assertThat(CHECKPOINTS)
                .isEqualTo(
                        new Checkpointing(Duration.ofSeconds(1), LOCATION, Duration.ofMinutes(10), Duration.ZERO, 3));
    }

    @Test
    void checkpointsKeepFlinksLeastInterval() {
        assertThat(Checkpointing.every(Duration.ofMillis(10)).to(LOCATION).interval())
                .isEqualTo(Duration.ofMillis(10));
        assertRefused(
                () -> Checkpointing.every(Duration.ofNanos(9_999_999)), "checkpoint interval: 9 ms (expected: 10 ms");
        assertRefused(() -> Checkpointing.every(Duration.ZERO), "checkpoint interval: 0 ms");
        assertRefused(() -> Checkpointing.every(Duration.ofSeconds(-1)), "checkpoint interval: -1000 ms");
        assertRefused(
                () -> new Checkpointing.Every(Duration.ZERO).to(LOCATION), "checkpoint interval: 0 ms (expected: 10");
    }

    @Test
    void checkpointsKeepTheOtherBounds() {
        assertRefused(() -> CHECKPOINTS.timeout(Duration.ofMillis(9)), "checkpoint timeout: 9 ms");
        assertRefused(() -> CHECKPOINTS.minimumPause(Duration.ofMillis(-1)), "checkpoint minimum pause: -1 ms");
        assertRefused(() -> CHECKPOINTS.retained(0), "checkpoints retained: 0 (expected: 1 or more)");
        assertThat(CHECKPOINTS
                        .timeout(Duration.ofMillis(10))
                        .minimumPause(Duration.ZERO)
                        .retained(1))
                .isEqualTo(new Checkpointing(Duration.ofSeconds(1), LOCATION, Duration.ofMillis(10), Duration.ZERO, 1));
    }

    @Test
    void plansHaveOneNodeOrThree() {
        for (int nodes : new int[] {-1, 0, 2, 4, 5}) {
            assertRefused(
                    () -> Plan.custom("mine", nodes, ONE_GIBIBYTE, 1), "plan nodes: " + nodes + " (expected: 1 or 3)");
        }
        assertThat(Plan.custom("mine", 3, ONE_GIBIBYTE, 1).survives()).isEqualTo("survives the loss of any one node");
        assertThat(Plan.custom("mine", 1, ONE_GIBIBYTE, 1).survives()).contains("not highly available");
    }

    @Test
    void plansHaveRoomForAProcess() {
        assertThat(Plan.custom("mine", 1, MemorySize.ofMebiBytes(512), 1).nodeMemory())
                .isEqualTo(MemorySize.ofMebiBytes(512));
        assertRefused(
                () -> Plan.custom("mine", 1, new MemorySize((512L << 20) - 1), 1),
                "plan node memory",
                "512 MiB or more");
        assertRefused(() -> Plan.custom("mine", 1, MemorySize.ZERO, 1), "plan node memory: 0 bytes");
        assertRefused(() -> Plan.custom("mine", 1, ONE_GIBIBYTE, 0), "plan node CPUs: 0 (expected: 1 or more)");
    }

    @Test
    void theCatalogueOfPlansHasDistinctNames() {
        assertThat(Plans.all()).extracting(Plan::name).doesNotHaveDuplicates().hasSize(9);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data/flink",
                "/data/flink",
                "file:data",
                "mailto:a@b",
                "s3 ://x",
                "file:///a b",
                "file:///%zz"
            })
    void storageRefusesWhatIsNoAbsoluteUri(String uri) {
        assertRefused(() -> StorageLocation.at(uri), "storage URI: ", uri, "file:///data/flink");
    }

    @Test
    void storageKnowsItsSchemeInLowerCase() {
        assertThat(StorageLocation.at("S3://Bucket/Key").scheme()).isEqualTo("s3");
    }

    @Test
    void storageKeepsACopyOfItsOptions() {
        SortedMap<String, String> options = new TreeMap<>(Map.of("region", "eu-west-1"));
        StorageLocation location = new StorageLocation(URI.create("s3://bucket"), options);
        options.put("region", "changed");
        assertThat(location.options()).containsExactly(Map.entry("region", "eu-west-1"));
        assertThatThrownBy(() -> location.options().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    private static void assertRefused(ThrowingCallable call, String... contained) {
        assertThatThrownBy(call).isInstanceOf(InvalidInputException.class).hasMessageContainingAll(contained);
    }
}
