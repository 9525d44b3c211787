package io.flinkmanaged.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.model.Finding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OverridesTest {

    @Test
    void areRefusedUnderANameThatFlinkDoesNotHave() {
        assertThat(errors("parallelism.defautl", "4"))
                .containsExactly("override parallelism.defautl: … (expected: a configuration key of Flink). "
                        + "Did you mean parallelism.default?");
        assertThat(errors("colour.of.the.web.ui", "blue"))
                .singleElement()
                .asString()
                .endsWith("Look it up in Flink's configuration reference.");
        assertThat(errors("$internal.pipeline.job-id", "x")).hasSize(1);
        assertThat(errors("<parameter>", "x")).hasSize(1);
        assertThat(errors("external-resource.<resource_name>.amount", "1")).hasSize(1);
        assertThat(errors("external-resource.gpu.amount", "1")).isEmpty();
        assertThat(errors("external-resource.gpu.amount", "one")).hasSize(1);
    }

    @Test
    void ofALockedKeySayWhyAndWhatToDo() {
        assertThat(errors("rest.port", "8081")).singleElement().asString().contains("ManagedCluster.webUi()");
        assertThat(errors("process.working-dir", "/x"))
                .singleElement()
                .asString()
                .endsWith("Name it with ManagedFlink.configure().workingDirectory(…).");
    }

    @Test
    void ofALockThatAPolicyCanGrantSayHow() {
        Map<String, String> port = Map.of("jmx.server.port", "9010");
        assertThat(Overrides.of(port).findings())
                .singleElement()
                .matches(finding -> !finding.isError())
                .extracting(Finding::remedy)
                .asString()
                .endsWith("To grant it: ConfigurationPolicy.named(…).grant(\"jmx.server.port\", why).");
        assertThat(Overrides.of(port).findings(Policies.NONE)).singleElement().matches(Finding::isError);
    }

    @Test
    void haveSettingsOfTheirOwn() {
        assertThat(errors("taskmanager.numberOfTaskSlots", "2"))
                .singleElement()
                .asString()
                .endsWith("It has a setting of its own: use ClusterSpec.taskSlots(…).");
    }

    @ParameterizedTest
    @CsvSource({
        "heartbeat.timeout, soon, a duration",
        "web.submit.enable, perhaps, true or false",
        "taskmanager.memory.managed.size, much, a memory size",
        "execution.checkpointing.mode, SOMETIMES, 'one of EXACTLY_ONCE, AT_LEAST_ONCE'",
        "pekko.ask.timeout, 2 s, 5 s..60 s",
        "parallelism.default, 0, 1..32768"
    })
    void areOfTheKeysTypeAndWithinItsBounds(String key, String value, String expected) {
        assertThat(Overrides.of(Map.of(key, value)).findings())
                .singleElement()
                .matches(Finding::isError)
                .extracting(Finding::expected)
                .isEqualTo(expected);
    }

    @Test
    void takeWhateverFlinkReads() {
        assertThat(errors("heartbeat.timeout", "30 s")).isEmpty();
        assertThat(errors("execution.checkpointing.mode", "at_least_once")).isEmpty();
        assertThat(errors("metrics.reporter.prom.port", "9249")).isEmpty();
    }

    @Test
    void areTranslatedFromFormerNamesAndSaySo() {
        Overrides former = Overrides.of(Map.of("akka.ask.timeout", "20 s"));
        assertThat(former.values()).isEqualTo(Map.of("pekko.ask.timeout", "20 s"));
        assertThat(former.written()).containsOnlyKeys("akka.ask.timeout");
        assertThat(former).isEqualTo(Overrides.of(Map.of("pekko.ask.timeout", "20 s")));
        assertThat(former.findings())
                .singleElement()
                .matches(finding -> !finding.isError())
                .hasToString("override akka.ask.timeout: a former name (expected: the key's present name, as which it "
                        + "is taken: pekko.ask.timeout). Write pekko.ask.timeout.");
        assertThat(errors("akka.ask.timeout", "1 s")).hasSize(1);
    }

    @Test
    void contradictThemselvesUnderTwoNames() {
        Map<String, String> same = Map.of("akka.ask.timeout", "20 s", "pekko.ask.timeout", "20 s");
        assertThat(Overrides.of(same).findings()).noneMatch(Finding::isError);
        Overrides other = Overrides.of(Map.of("akka.ask.timeout", "20 s", "pekko.ask.timeout", "30 s"));
        assertThat(other.findings())
                .filteredOn(Finding::isError)
                .singleElement()
                .hasToString("override akka.ask.timeout: 20 s (expected: one value for pekko.ask.timeout, of which it "
                        + "is a former name). Remove it: another of its names says 30 s.");
        assertThat(other.values()).containsEntry("pekko.ask.timeout", "30 s");
    }

    @Test
    void contradictEachOther() {
        assertThat(errors("heartbeat.interval", "55 s"))
                .containsExactly(
                        "override heartbeat.interval: 55 s (expected: not more than heartbeat.timeout, which is "
                                + "50 s). Change one of both.");
        assertThat(Overrides.of(Map.of("heartbeat.interval", "55 s", "heartbeat.timeout", "2 min"))
                        .findings())
                .isEmpty();
    }

    @Test
    void areToldToBeWithoutEffectWhereNobodyReadsThem() {
        assertThat(Overrides.of(Map.of("historyserver.web.port", "80")).findings())
                .singleElement()
                .matches(finding -> !finding.isError())
                .extracting(Finding::value)
                .isEqualTo("without effect");
    }

    @Test
    void takeASecretByReferenceOnly() {
        assertThat(errors("s3.secret-key", "${secret:env:S3_SECRET_KEY}")).isEmpty();
        assertThat(errors("s3.secret-key", "hunter2"))
                .containsExactly(
                        "override s3.secret-key: … (expected: a reference to a secret). It is a secret. Write a "
                                + "reference to it, such as ${secret:env:NAME} or ${secret:file:/path}.");
        assertThat(errors("s3.secret-key", "hunter2${secret:env:S3_SECRET_KEY}"))
                .hasSize(1);
        assertThat(errors("metrics.reporter.a.url", "jdbc:x?password=${secret:env:PW}&a=b"))
                .isEmpty();
        assertThat(errors("metrics.reporter.a.url", "jdbc:x?password=${secret:PW}"))
                .hasSize(1);
        assertThat(errors("parallelism.default", "${secret:env:PW}")).hasSize(1);
    }

    /** Everybody on a machine reads the command lines of its processes. */
    @Test
    void takeNoSecretOnACommandLine() {
        assertThat(errors("env.java.opts.all", "-Dpassword=${secret:env:PW}"))
                .singleElement()
                .asString()
                .contains("command line");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "colour.of.the.web.ui",
                "paralelism.default",
                "rest.port",
                "high-availability.type",
                "jmx.server.port",
                "security.kerberos.login.keytab",
                "s3.secret-key",
                "s3.access-key",
                "security.ssl.rest.key-pasword"
            })
    void showNoValueThatMayBeASecret(String key) {
        assertThat(Overrides.of(Map.of(key, "hunter2")).findings()).isNotEmpty().allSatisfy(finding -> assertThat(
                        finding.toString())
                .startsWith("override " + key + ": …")
                .doesNotContain("hunter2"));
        assertThat(Overrides.of(Map.of(key, "hunter2")).toString()).doesNotContain("hunter2");
    }

    private static List<String> errors(String key, String value) {
        return Overrides.of(Map.of(key, value)).findings().stream()
                .filter(Finding::isError)
                .map(Finding::toString)
                .toList();
    }
}
