package io.flinkmanaged.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.config.KeyRule.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRulesTest {

    private final KeyCatalogue catalogue = KeyCatalogue.ofFlink();

    /** After a new Flink version: say in key-rules.tsv what may be done with the new keys. None may be left out. */
    @Test
    void haveARuleForEveryKeyOfTheCatalogue() {
        assertThat(catalogue.keys().stream()
                        .map(catalogue::nameOf)
                        .filter(key -> !KeyRules.isListed(key))
                        .toList())
                .isEmpty();
    }

    @Test
    void sayWhyWhateverIsNotFree() {
        assertThat(catalogue.keys())
                .filteredOn(key -> catalogue.ruleOf(key).kind() != Kind.FREE)
                .hasSizeGreaterThan(200)
                .allSatisfy(key ->
                        assertThat(catalogue.ruleOf(key).reason()).as(key).isNotBlank());
    }

    /** What the library promises depends on these: where processes listen and live, how large they are, who may ask. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rest.port",
                "rest.bind-port",
                "rest.address",
                "jobmanager.rpc.address",
                "jobmanager.rpc.port",
                "jobmanager.bind-host",
                "taskmanager.bind-host",
                "taskmanager.host",
                "taskmanager.data.port",
                "blob.server.port",
                "metrics.internal.query-service.port",
                "jmx.server.port",
                "high-availability.type",
                "high-availability.cluster-id",
                "high-availability.storageDir",
                "high-availability.zookeeper.quorum",
                "high-availability.zookeeper.client.session-timeout",
                "io.tmp.dirs",
                "process.working-dir",
                "blob.storage.directory",
                "state.backend.rocksdb.localdir",
                "execution.checkpointing.dir",
                "execution.checkpointing.savepoint-dir",
                "execution.state-recovery.claim-mode",
                "jobmanager.memory.process.size",
                "taskmanager.memory.process.size",
                "taskmanager.memory.flink.size",
                "security.ssl.internal.enabled",
                "security.ssl.rest.keystore",
                "security.kerberos.login.keytab",
                "zookeeper.sasl.disable",
                "taskmanager.resource-id",
                "taskmanager.jvm-exit-on-oom",
                "cluster.processes.halt-on-fatal-error",
                "execution.target",
                "scheduler-mode"
            })
    void lockWhatPromisesDependOn(String key) {
        assertThat(catalogue.ruleOf(key).kind()).isEqualTo(Kind.LOCKED);
    }

    @ParameterizedTest
    @CsvSource({
        "pekko.ask.timeout, 5 s, 60 s, 4999 ms, 61 s",
        "pekko.framesize, 1m, 50m, 1048575b, 51m",
        "taskmanager.numberOfTaskSlots, 1, 1024, 0, 1025",
        "heartbeat.interval, 100 ms, 1 min, 99 ms, 2 min",
        "heartbeat.timeout, 1 s, 10 min, 999 ms, 11 min",
        "taskmanager.memory.managed.fraction, 0, 0.95, -0.1, 0.96"
    })
    void boundFigures(String key, String least, String most, String less, String more) {
        KeyRule rule = catalogue.ruleOf(key);
        assertThat(rule.kind()).isEqualTo(Kind.BOUNDED);
        Bounds bounds = rule.bounds().orElseThrow();
        assertThat(List.of(least, most)).allMatch(bounds::admit);
        assertThat(List.of(less, more, "soon", "")).noneMatch(bounds::admit);
    }

    /** Pekko's own form of sizes has one letter, and knows no "mb". */
    @Test
    void takeOnlySizesThatPekkoReads() {
        Bounds bounds = catalogue.ruleOf("pekko.framesize").bounds().orElseThrow();
        assertThat(bounds.admit("10485760b")).isTrue();
        assertThat(bounds.admit("10 mb")).isFalse();
    }

    @Test
    void admitFlinksOwnDefaults() {
        assertThat(catalogue.keys()).allSatisfy(key -> catalogue.defaultOf(key).ifPresent(value -> assertThat(catalogue
                        .ruleOf(key)
                        .bounds()
                        .map(bounds -> bounds.admit(value))
                        .orElse(true))
                .as(key + " = " + value)
                .isTrue()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3.access-key",
                "s3.secret-key",
                "s3.session-token",
                "fs.s3a.secret.key",
                "fs.azure.account.key.mine.blob.core.windows.net",
                "metrics.reporter.influx.password",
                "metrics.reporter.dghttp.apikey"
            })
    void takeSecretsByReferenceOnly(String key) {
        assertThat(catalogue.ruleOf(key).kind()).isEqualTo(Kind.SECRET);
        assertThat(catalogue.ruleOf(key).secret()).isTrue();
    }

    /** A reference would not help: Flink's GCS file system logs the value. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gs.auth.service.account.private.key",
                "fs.gs.auth.service.account.private.key",
                "gs.encryption.key",
                "fs.gs.encryption.key"
            })
    void takeNoSecretThatFlinkItselfLogs(String key) {
        assertThat(catalogue.ruleOf(key).kind()).isEqualTo(Kind.LOCKED);
        assertThat(catalogue.ruleOf(key).grantable()).isFalse();
        assertThat(catalogue.ruleOf(key).secret()).isTrue();
    }

    @Test
    void keepSecretWhatALockedKeyHolds() {
        KeyRule rule = catalogue.ruleOf("security.ssl.rest.keystore-password");
        assertThat(rule.kind()).isEqualTo(Kind.LOCKED);
        assertThat(rule.secret()).isTrue();
        assertThat(rule.granted().kind()).isEqualTo(Kind.SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3.entropy.key",
                "s3.sse.kms.key-id",
                "security.delegation.tokens.enabled",
                "security.delegation.token.provider.s3.enabled",
                "parallelism.default"
            })
    void takeNothingElseForASecret(String key) {
        assertThat(catalogue.ruleOf(key).secret()).isFalse();
    }
}
