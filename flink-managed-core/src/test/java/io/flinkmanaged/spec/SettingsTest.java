package io.flinkmanaged.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.model.InvalidInputException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
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
        assertThat(CHECKPOINTS.timeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(CHECKPOINTS.minimumPause()).isEqualTo(Duration.ofMillis(500));
        assertThat(CHECKPOINTS.retained()).isEqualTo(3);
        assertThat(CHECKPOINTS.unaligned()).isFalse();
        assertThat(CHECKPOINTS.incremental()).isTrue();
    }

    /** As many as an outage of half an hour can spoil, however long the interval. */
    @Test
    void checkpointsTolerateAnOutageOfTheStorage() {
        assertThat(CHECKPOINTS.toleratedFailures()).isEqualTo(1800);
        assertThat(Checkpointing.every(Duration.ofMinutes(1)).to(LOCATION).toleratedFailures())
                .isEqualTo(30);
        assertThat(Checkpointing.every(Duration.ofHours(6)).to(LOCATION).toleratedFailures())
                .isEqualTo(3);
    }

    @Test
    void eachSettingOfCheckpointsMakesADifference() {
        assertThat(List.of(
                        CHECKPOINTS,
                        CHECKPOINTS.timeout(Duration.ofSeconds(9)),
                        CHECKPOINTS.minimumPause(Duration.ofSeconds(9)),
                        CHECKPOINTS.retained(9),
                        CHECKPOINTS.unaligned(true),
                        CHECKPOINTS.incremental(false),
                        CHECKPOINTS.toleratedFailures(9)))
                .doesNotHaveDuplicates()
                .extracting(Checkpointing::toString)
                .doesNotHaveDuplicates();
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
        assertRefused(() -> CHECKPOINTS.toleratedFailures(-1), "checkpoint failures tolerated: -1");
        assertThat(CHECKPOINTS.timeout(Duration.ofMillis(10)).retained(1).minimumPause(Duration.ZERO))
                .isEqualTo(CHECKPOINTS
                        .minimumPause(Duration.ZERO)
                        .timeout(Duration.ofMillis(10))
                        .retained(1));
    }

    @Test
    void restartStrategiesSayWhenTheyGiveUp() {
        assertThat(RestartStrategy.forSlots(1).givesUp())
                .isEqualTo("gives up after more than 8000 failures within 20 min");
        assertThat(RestartStrategy.exponentialDelay().givesUp())
                .isEqualTo("never gives up; waits up to 30 s between restarts");
        assertThat(RestartStrategy.exponentialDelay().attempts(5).givesUp())
                .isEqualTo("gives up after more than 5 restarts without 1 min free of failures");
        assertThat(RestartStrategy.fixedDelay(3, Duration.ofMillis(500)).givesUp())
                .isEqualTo("gives up after more than 3 failures, however far apart");
        assertThat(RestartStrategy.none().givesUp()).isEqualTo("gives up after the first failure");
    }

    /** A task that fails at once, each delay anew, in each slot: carried over a heartbeat time-out and five minutes. */
    @Test
    void theDefaultFiguresCarryEverySlotOverAnOutage() {
        for (int slots : new int[] {1, 2, 8, 124, 125, 126, 1024, 3072}) {
            RestartStrategy.FailureRate rate = RestartStrategy.forSlots(slots);
            Duration carried = rate.delay().multipliedBy(rate.failures() / slots);
            assertThat(carried).as("%d slots", slots).isBetween(Duration.ofSeconds(350), Duration.ofSeconds(450));
            assertThat(rate.failures()).isLessThanOrEqualTo(1_000_000);
            // A single task that fails for ever in a cluster this large is given up all the same.
            assertThat(rate.delay().plusMillis(50).multipliedBy(rate.failures()))
                    .isLessThan(rate.interval());
        }
    }

    @Test
    void restartStrategiesKeepFlinksBounds() {
        Duration second = Duration.ofSeconds(1);
        assertRefused(() -> RestartStrategy.fixedDelay(0, second), "restart attempts: 0 (expected: 1 or more)");
        assertRefused(() -> RestartStrategy.fixedDelay(1, second.negated()), "restart delay: PT-1S");
        assertRefused(() -> RestartStrategy.failureRate(0, second, second), "restart failures: 0");
        assertRefused(() -> RestartStrategy.failureRate(1, Duration.ZERO, second), "restart interval: 0 s");
        assertRefused(
                () -> new RestartStrategy.ExponentialDelay(second, Duration.ZERO, 2, second, 0, 1),
                "restart maximum delay: 0 s (expected: 1 s or more)");
        assertRefused(
                () -> new RestartStrategy.ExponentialDelay(second, second, 1, second, 0, 1), "restart multiplier: 1.0");
        assertRefused(
                () -> new RestartStrategy.ExponentialDelay(second, second, 2, second, 2, 1), "restart jitter: 2.0");
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
        assertThat(Plan.custom("mine", 1, ONE_GIBIBYTE, 1).nodeMemory()).isEqualTo(ONE_GIBIBYTE);
        assertRefused(
                () -> Plan.custom("mine", 1, new MemorySize((1L << 30) - 1), 1), "plan node memory", "1 GiB or more");
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
