package io.flinkmanaged.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.configuration.GlobalConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretKeysTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3.secret-key",
                "s3.access-key",
                "s3.server-side-encryption.key",
                "security.ssl.rest.key-pasword",
                "metrics.reporter.influx.PASSWORD",
                "fs.azure.account.key.x",
                "metrics.reporter.dghttp.apikey",
                "high-availability.zookeeper.client.sasl",
                "gs.auth.service.account.private.key"
            })
    void hideTheirValuesEverywhere(String key) {
        LayeredConfiguration configuration = LayeredConfiguration.builder()
                .set(Layer.SPEC, key, "hunter2", "a test")
                .set(Layer.OVERRIDE, key, "hunter3", "a test")
                .build();
        assertThat(configuration.toString()).contains(key).doesNotContain("hunter");
        assertThat(configuration.explain(key).toString()).contains(key).doesNotContain("hunter");
        assertThat(configuration.explain(key).outvoted().toString()).doesNotContain("hunter");
        assertThat(configuration.effective(key).map(Setting::value)).contains("hunter3");
    }

    @Test
    void areAtLeastThoseThatFlinkHides() {
        for (String key : KeyCatalogue.ofFlink().keys()) {
            if (GlobalConfiguration.isSensitive(key)) {
                assertThat(SecretKeys.shown(key, "hunter2")).as(key).doesNotContain("hunter2");
            }
        }
    }

    @Test
    void areFew() {
        assertThat(KeyCatalogue.ofFlink().keys())
                .filteredOn(key -> SecretKeys.shown(key, "4").equals("4"))
                .contains("parallelism.default", "rest.port", "heartbeat.timeout", "state.backend.type")
                .hasSizeGreaterThan(600);
    }
}
