package io.flinkmanaged.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ConfigurationDriftTest {

    private final LayeredConfiguration rendered = LayeredConfiguration.builder()
            .set(Layer.SPEC, "web.history", "3", "why")
            .set(Layer.SPEC, "heartbeat.timeout", "1 min", "why")
            .set(Layer.OVERRIDE, "s3.secret-key", "${secret:env:A}", "why")
            .set(Layer.OVERRIDE, "s3.access-key", "id", "why")
            .build();

    @Test
    void isNoOtherWayToWriteAValue() {
        assertThat(between(Map.of(
                        "web.history",
                        "3",
                        "heartbeat.timeout",
                        "60 s",
                        "s3.secret-key",
                        "******",
                        "s3.access-key",
                        "id")))
                .isEmpty();
    }

    @Test
    void isAValueThatChangedAppearedOrVanished() {
        assertThat(between(Map.of(
                        "web.history",
                        "5",
                        "heartbeat.timeout",
                        "1 min",
                        "s3.access-key",
                        "another",
                        "web.timeout",
                        "1 s")))
                .extracting(ConfigurationDrift::toString)
                .containsExactly(
                        "JobManager: s3.access-key is … (rendered: …)",
                        "JobManager: s3.secret-key is not set (rendered: ${secret:env:A})",
                        "JobManager: web.history is 5 (rendered: 3)",
                        "JobManager: web.timeout is 1 s (rendered: not set)");
    }

    private List<ConfigurationDrift> between(Map<String, String> effective) {
        TreeSet<String> keys = new TreeSet<>(effective.keySet());
        rendered.effective().forEach(setting -> keys.add(setting.key()));
        return ConfigurationDrift.between("JobManager", rendered, new TreeMap<>(effective), keys);
    }
}
