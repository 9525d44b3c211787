package io.flinkmanaged.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.WebOptions;
import org.junit.jupiter.api.Test;

class ConfigurationPolicyTest {

    private static final String WHY = "because of us";

    @Test
    void addsValuesBetweenTheLibraryAndTheSpec() {
        Policies policies = Policies.of(ConfigurationPolicy.named("acme")
                .set(WebOptions.CANCEL_ENABLE, false, WHY)
                .build());
        assertThat(policies.settings())
                .containsExactly(new Setting("web.cancel.enable", "false", Layer.POLICY, "policy acme: because of us"));
        LayeredConfiguration configuration = LayeredConfiguration.builder()
                .setAll(policies.settings())
                .set(Layer.LIBRARY, "web.cancel.enable", "true", "ours")
                .build();
        assertThat(configuration.effective("web.cancel.enable").map(Setting::layer))
                .contains(Layer.POLICY);
    }

    @Test
    void boundsTheValueInEffectWhoeverSetIt() {
        Policies policies = Policies.of(ConfigurationPolicy.named("acme")
                .bound("taskmanager.numberOfTaskSlots", "1", "8", WHY)
                .bound("heartbeat.timeout", "", "40 s", WHY)
                .build());
        LayeredConfiguration configuration = LayeredConfiguration.builder()
                .set(Layer.SPEC, "taskmanager.numberOfTaskSlots", "9", "ClusterSpec.taskSlots")
                .build();
        assertThat(policies.judge(configuration))
                .extracting(Finding::toString)
                .containsExactly(
                        "taskmanager.numberOfTaskSlots (SPEC: ClusterSpec.taskSlots): 9 (expected: 1..8 by policy acme). "
                                + "Choose a value within the policy's bounds: because of us.",
                        "heartbeat.timeout (FLINK_DEFAULT: Flink's default): 50 s (expected: 40 s or less by policy "
                                + "acme). Choose a value within the policy's bounds: because of us.");
        assertThat(policies.judge(configuration.with(List.of(
                        new Setting("taskmanager.numberOfTaskSlots", "8", Layer.SPEC, "why"),
                        new Setting("heartbeat.timeout", "40 s", Layer.OVERRIDE, "why")))))
                .isEmpty();
    }

    @Test
    void forbidsKeysAndFamilies() {
        Policies policies = Policies.of(
                ConfigurationPolicy.named("acme").forbid("env.java.opts.", WHY).build());
        assertThat(Overrides.of(Map.of("env.java.opts", "-Xss1m", "web.history", "3"))
                        .findings(policies))
                .filteredOn(Finding::isError)
                .extracting(Finding::toString)
                .containsExactly("override env.java.opts.all: … (expected: not overridden: policy acme forbids it). "
                        + "Remove it: because of us.");
    }

    @Test
    void loosensALockByAGrantOnly() {
        Map<String, String> tls =
                Map.of("security.ssl.rest.enabled", "true", "security.ssl.rest.key-password", "hunter2");
        Policies granting = Policies.of(
                ConfigurationPolicy.named("acme").grant("security.ssl.", WHY).build());
        assertThat(Overrides.of(tls).findings(Policies.NONE)).hasSize(2).allMatch(Finding::isError);
        assertThat(Overrides.of(tls).findings(granting))
                .singleElement()
                .extracting(Finding::expected)
                .isEqualTo("a reference to a secret");
        assertThat(granting.grantOf("security.ssl.rest.enabled"))
                .get()
                .hasToString("policy acme grants it: because of us");
        assertThat(granting.grantOf("web.history")).isEmpty();
        assertThat(LayeredConfiguration.builder()
                        .build()
                        .explain("security.ssl.rest.enabled", granting)
                        .toString())
                .contains(
                        "rule LOCKED: ", "A ConfigurationPolicy may grant it.", "policy acme grants it: because of us");
    }

    @Test
    void cannotGrantWhatTheLibraryItselfDecides() {
        assertThatThrownBy(() -> ConfigurationPolicy.named("acme")
                        .grant("rest.port", WHY)
                        .grant("web.history", WHY)
                        .build())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("policy acme, rest.port: a grant (expected: a key that a policy can grant)")
                .hasMessageContaining("nothing there is locked");
    }

    @Test
    void isJudgedAsAWhole() {
        assertThatThrownBy(() -> ConfigurationPolicy.named("acme")
                        .set("web.histori", "3", WHY)
                        .set("jmx.server.port", "9010", WHY)
                        .set("s3.secret-key", "hunter2", WHY)
                        .set("web.history", "-3", WHY)
                        .bound("web.submit.enable", "1", "2", WHY)
                        .bound("web.timeout", "soon", "", WHY)
                        .forbid("web.cancel.enable", " ")
                        .forbid("web.cancel.enable", WHY)
                        .build())
                .isInstanceOfSatisfying(InvalidInputException.class, refused -> {
                    assertThat(refused.findings()).hasSize(8);
                    assertThat(refused).message().doesNotContain("hunter2").contains("Did you mean web.history?");
                });
        assertThatThrownBy(() -> ConfigurationPolicy.named(" ")).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void mayNotContradictAnother() {
        ConfigurationPolicy three =
                ConfigurationPolicy.named("a").set("web.history", "3", WHY).build();
        ConfigurationPolicy four =
                ConfigurationPolicy.named("b").set("web.history", "4", WHY).build();
        assertThatThrownBy(() -> Policies.of(three, four))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("policy b, web.history: 4 (expected: the value that policy a gives it: 3). "
                        + "Let one policy decide the key.");
        assertThat(Policies.of(three, three).settings()).hasSize(2);
    }

    @Test
    void setsALockedKeyThatItGrantsItself() {
        ConfigurationPolicy policy = ConfigurationPolicy.named("acme")
                .grant("jmx.server.port", WHY)
                .set("jmx.server.port", "9010", WHY)
                .build();
        assertThat(policy)
                .isEqualTo(ConfigurationPolicy.named("acme")
                        .grant("jmx.server.port", WHY)
                        .set("jmx.server.port", "9010", WHY)
                        .build());
        assertThat(policy.toString()).isEqualTo("ConfigurationPolicy[acme, 2 statements]");
    }
}
