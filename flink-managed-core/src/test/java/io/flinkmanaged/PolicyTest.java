package io.flinkmanaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.config.ConfigurationPolicy;
import io.flinkmanaged.config.Explanation;
import io.flinkmanaged.config.Layer;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.event.ClusterEvent.LockGranted;
import io.flinkmanaged.event.ClusterEvent.SpecAdvised;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.InvalidSpecException;
import io.flinkmanaged.spec.Plans;
import org.junit.jupiter.api.Test;

/** What an embedder's policies do to the clusters that it runs. */
class PolicyTest {

    private static final ConfigurationPolicy ACME = ConfigurationPolicy.named("acme")
            .set("web.cancel.enable", "false", "jobs are cancelled through our console")
            .bound("taskmanager.numberOfTaskSlots", "1", "8", "our support ends there")
            .forbid("env.java.opts.", "our image sets the JVM's options")
            .grant("rest.profiling.dir", "it is a disk of its own")
            .build();

    @Test
    void reportsEverythingTogetherAndStartsNothing() {
        ClusterSpec spec = ClusterSpec.named("flights")
                .taskSlots(9)
                .override("env.java.opts.all", "-Xss1m")
                .override("jmx.server.port", "9010")
                .override("akka.ask.timeout", "20 s")
                .build();
        assertThat(spec.findings()).hasSize(2).noneMatch(Finding::isError);
        try (ManagedFlink flink = ManagedFlink.configure().policy(ACME).inProcess()) {
            assertThatThrownBy(() -> flink.launch(spec)).isInstanceOfSatisfying(InvalidSpecException.class, refused -> {
                assertThat(refused.findings()).filteredOn(Finding::isError).hasSize(3);
                assertThat(refused)
                        .hasMessageContaining("9 (expected: 1..8 by policy acme)")
                        .hasMessageContaining("policy acme forbids it")
                        .hasMessageContaining(
                                "To grant it: ConfigurationPolicy.named(…).grant(\"jmx.server.port\", why)")
                        .hasMessageContaining("advice: override akka.ask.timeout: a former name");
            });
            assertThat(flink.cluster("flights")).isEmpty();
        }
    }

    @Test
    void explainsBeforeALaunchWhatItWouldDo() {
        ClusterSpec spec = ClusterSpec.named("flights")
                .override("web.cancel.enable", "true")
                .build();
        try (ManagedFlink flink = ManagedFlink.configure().policy(ACME).inProcess()) {
            Explanation cancel = flink.explain(spec, "web.cancel.enable");
            assertThat(cancel.inEffect().map(Setting::layer)).contains(Layer.OVERRIDE);
            assertThat(cancel.outvoted()).extracting(Setting::layer).contains(Layer.POLICY);
            assertThat(flink.explain(spec, "taskmanager.numberOfTaskSlots").toString())
                    .contains("policy acme bounds it to 1..8: our support ends there");
            assertThat(flink.explain(spec).of("io.tmp.dirs").orElseThrow().inEffect())
                    .map(Setting::value)
                    .contains("<directory of the epoch>");
        }
    }

    @Test
    void holdInAClusterAndAreTold() {
        Diary diary = new Diary();
        ClusterSpec spec = ClusterSpec.named("flights")
                .plan(Plans.TINY)
                .override("rest.profiling.dir", "/mnt/profiles")
                .override("akka.ask.timeout", "20 s")
                .build();
        try (ManagedFlink flink =
                        ManagedFlink.configure().policy(ACME).listener(diary).inProcess();
                ManagedCluster cluster = flink.launch(spec)) {
            assertThat(flink.check(spec)).hasSize(1).noneMatch(Finding::isError);
            assertThat(cluster.explain("web.cancel.enable").inEffect().map(Setting::value))
                    .contains("false");
            assertThat(cluster.explain("rest.profiling.dir").toString())
                    .contains("policy acme grants it: it is a disk of its own");
            assertThat(cluster.explain().of("akka.ask.timeout").orElseThrow().inEffect())
                    .map(Setting::value)
                    .contains("20 s");
            assertThat(cluster.explain().toString()).contains("\n\n", "pekko.ask.timeout = 20 s");
            await().untilAsserted(() -> {
                assertThat(diary.of(LockGranted.class))
                        .singleElement()
                        .extracting(LockGranted::key)
                        .isEqualTo("rest.profiling.dir");
                assertThat(diary.of(SpecAdvised.class)).hasSize(1);
            });
        }
    }
}
