package io.flinkmanaged.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.internal.Seeded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.Test;

class LayeredConfigurationTest {

    private static final String KEY = "heartbeat.timeout";

    @Test
    void letsTheLaterLayerWinInWhateverOrderTheySpoke() {
        Seeded.check(200, random -> {
            List<Layer> layers = new ArrayList<>(Arrays.asList(Layer.values()));
            Collections.shuffle(layers, random);
            List<Layer> speaking = layers.subList(0, 1 + random.nextInt(layers.size()));
            LayeredConfiguration configuration = of(speaking);
            Layer strongest = Collections.max(speaking);
            assertThat(configuration.effective(KEY)).contains(setting(strongest));
            assertThat(configuration.toFlink().getString(KEY, ""))
                    .isEqualTo(setting(strongest).value());
            List<Layer> sorted = new ArrayList<>(speaking);
            Collections.sort(sorted);
            assertThat(configuration).isEqualTo(of(sorted)).hasSameHashCodeAs(of(sorted));
            assertThat(configuration).hasToString(of(sorted).toString());
        });
    }

    @Test
    void tellsWhatTheOthersWantedTheStrongestFirst() {
        Explanation explanation =
                of(List.of(Layer.LIBRARY, Layer.OVERRIDE, Layer.POLICY)).explain(KEY);
        assertThat(explanation.inEffect()).contains(setting(Layer.OVERRIDE));
        assertThat(explanation.outvoted())
                .containsExactly(
                        setting(Layer.POLICY),
                        setting(Layer.LIBRARY),
                        new Setting(KEY, "50 s", Layer.FLINK_DEFAULT, "Flink's default"));
        assertThat(explanation.rule().kind()).isEqualTo(KeyRule.Kind.BOUNDED);
        assertThat(explanation).hasToString("""
                        heartbeat.timeout = 6 s
                          from OVERRIDE: because of OVERRIDE
                          outvoted POLICY = 4 s: because of POLICY
                          outvoted LIBRARY = 2 s: because of LIBRARY
                          outvoted FLINK_DEFAULT = 50 s: Flink's default
                          rule BOUNDED 1 s..10 min: shorter, a pause for garbage collection counts as a death; longer, a death stays unnoticed
                          a change takes RESTART: JobManager and TaskManagers must agree on heartbeats""");
    }

    @Test
    void explainsWhatNobodySet() {
        LayeredConfiguration nothing = LayeredConfiguration.builder().build();
        assertThat(nothing.explain(KEY).inEffect())
                .contains(new Setting(KEY, "50 s", Layer.FLINK_DEFAULT, "Flink's default"));
        assertThat(nothing.explain("rest.address").inEffect()).isEmpty();
        assertThat(nothing.explain("rest.address")).hasToString("""
                        rest.address is not set
                          rule LOCKED: The launcher chooses it, so that clusters live side by side. Ask ManagedCluster.webUi() for the address. No policy can grant it.
                          a change takes RESTART: REST and web UI are part of the JobManager""");
        assertThat(nothing.explain("no.such.key").rule().kind()).isEqualTo(KeyRule.Kind.UNKNOWN);
        assertThat(nothing.effective()).isEmpty();
        assertThat(nothing.effective(KEY)).isEmpty();
    }

    @Test
    void letsALayerChangeItsMind() {
        LayeredConfiguration configuration = LayeredConfiguration.builder()
                .set(Layer.SPEC, KEY, "1 s", "first")
                .set(Layer.SPEC, KEY, "2 s", "second")
                .build();
        assertThat(configuration.effective(KEY)).contains(new Setting(KEY, "2 s", Layer.SPEC, "second"));
        assertThat(configuration.explain(KEY).outvoted()).hasSize(1);
    }

    @Test
    void differsInAValueAReasonOrALayer() {
        LayeredConfiguration one = LayeredConfiguration.builder()
                .set(Layer.SPEC, KEY, "1 s", "why")
                .build();
        assertThat(List.of(
                        LayeredConfiguration.builder()
                                .set(Layer.SPEC, KEY, "2 s", "why")
                                .build(),
                        LayeredConfiguration.builder()
                                .set(Layer.SPEC, KEY, "1 s", "why not")
                                .build(),
                        LayeredConfiguration.builder()
                                .set(Layer.POLICY, KEY, "1 s", "why")
                                .build()))
                .doesNotContain(one);
    }

    @Test
    void isNotChangedByTheBuilderThatMadeIt() {
        LayeredConfiguration.Builder builder = LayeredConfiguration.builder().set(Layer.SPEC, KEY, "1 s", "why");
        LayeredConfiguration before = builder.build();
        builder.set(Layer.OVERRIDE, KEY, "2 s", "later");
        assertThat(before.effective(KEY).map(Setting::value)).contains("1 s");
    }

    @Test
    void writesTypedValuesSoThatFlinkReadsThemBack() {
        Configuration flinks = LayeredConfiguration.builder()
                .set(Layer.SPEC, RestOptions.IDLENESS_TIMEOUT, Duration.ofMillis(1_500), "why")
                .set(Layer.SPEC, TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.parse("123456789b"), "why")
                .set(Layer.SPEC, CoreOptions.DEFAULT_PARALLELISM, 7, "why")
                .set(
                        Layer.SPEC,
                        CoreOptions.ALWAYS_PARENT_FIRST_LOADER_PATTERNS_ADDITIONAL,
                        List.of("a.b", "c;d"),
                        "why")
                .build()
                .toFlink();
        assertThat(flinks.get(RestOptions.IDLENESS_TIMEOUT)).isEqualTo(Duration.ofMillis(1_500));
        assertThat(flinks.get(TaskManagerOptions.MANAGED_MEMORY_SIZE)).isEqualTo(MemorySize.parse("123456789b"));
        assertThat(flinks.get(CoreOptions.DEFAULT_PARALLELISM)).isEqualTo(7);
        assertThat(flinks.get(CoreOptions.ALWAYS_PARENT_FIRST_LOADER_PATTERNS_ADDITIONAL))
                .containsExactly("a.b", "c;d");
    }

    private static LayeredConfiguration of(List<Layer> layers) {
        LayeredConfiguration.Builder builder = LayeredConfiguration.builder();
        builder.setAll(layers.stream().map(LayeredConfigurationTest::setting).toList());
        return builder.build();
    }

    private static Setting setting(Layer layer) {
        return new Setting(KEY, layer.compareTo(Layer.FLINK_DEFAULT) + " s", layer, "because of " + layer);
    }
}
