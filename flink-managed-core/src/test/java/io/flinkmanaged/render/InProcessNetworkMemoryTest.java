package io.flinkmanaged.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.config.Layer;
import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.spec.ClusterSpec;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InProcessNetworkMemoryTest {

    @ParameterizedTest
    @CsvSource({"1, 1, 16", "2, 1, 16", "4, 1, 56", "1, 3, 16", "2, 3, 40", "8, 1, 64", "1024, 3, 64"})
    void growsWithTheChannelsOfAShuffleUpToFlinksOwn(int slots, int taskManagers, int mibiBytes) {
        assertThat(InProcessNetworkMemory.sizeFor(slots, taskManagers)).isEqualTo(MemorySize.ofMebiBytes(mibiBytes));
    }

    @Test
    void isExplained() {
        assertThat(renderedFrom(ClusterSpec.named("flights").build())
                        .explain("taskmanager.memory.network.max")
                        .inEffect())
                .get()
                .satisfies(setting -> {
                    assertThat(setting.layer()).isEqualTo(Layer.PLAN);
                    assertThat(setting.reason()).contains("32 all-to-all shuffles");
                });
    }

    /** Flink refuses bounds that differ, so one of a person's goes with none of ours. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "taskmanager.memory.network.min",
                "taskmanager.memory.network.max",
                "taskmanager.memory.segment-size"
            })
    void isLeftToWhoOverridesAnyOfIt(String key) {
        LayeredConfiguration configuration =
                renderedFrom(ClusterSpec.named("flights").override(key, "64 mb").build());

        assertThat(configuration.effective())
                .filteredOn(setting -> setting.key().startsWith("taskmanager.memory.network."))
                .allMatch(setting -> setting.key().equals(key));
        assertThat(configuration.effective(TaskManagerOptions.MEMORY_SEGMENT_SIZE.key()))
                .isEqualTo(configuration
                        .effective(key)
                        .filter(setting -> key.equals(TaskManagerOptions.MEMORY_SEGMENT_SIZE.key())));
    }

    private static LayeredConfiguration renderedFrom(ClusterSpec spec) {
        LayeredConfiguration.Builder configuration = LayeredConfiguration.builder();
        InProcessNetworkMemory.addTo(configuration, spec);
        spec.overrides().forEach((key, value) -> configuration.set(Layer.OVERRIDE, key, value, "a person's"));
        return configuration.build();
    }
}
