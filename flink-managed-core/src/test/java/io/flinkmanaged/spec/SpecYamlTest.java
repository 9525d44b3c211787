package io.flinkmanaged.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.internal.Seeded;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecYamlTest {

    private static final ClusterSpec SPEC = ClusterSpec.named("flights")
            .plan(Plans.THREE_NODE_8GB)
            .taskSlots(2)
            .checkpoints(Checkpointing.every(Duration.ofSeconds(1)).to(FileStorage.at(Path.of("/data/flink"))))
            .override("parallelism.default", "4")
            .build();

    @Test
    void readsBackWhatItWrote() {
        Seeded.check(150, random -> {
            ClusterSpec spec = RandomSpecs.spec(random);
            String text = SpecYaml.write(spec);
            assertThat(SpecYaml.read("cluster.yaml", text)).as(text).isEqualTo(spec);
        });
    }

    @Test
    void writesEqualSpecsAlike() {
        Seeded.check(50, random -> {
            ClusterSpec spec = RandomSpecs.spec(random);
            assertThat(SpecYaml.write(spec.toBuilder().build())).isEqualTo(SpecYaml.write(spec));
        });
    }

    @Test
    void isLegible() {
        assertThat(SpecYaml.write(SPEC)).isEqualTo("""
                        format: 1
                        name: flights
                        plan:
                          name: three-node-8gb
                          nodes: 3
                          node-memory: 8589934592b
                          node-cpus: 2
                        task-slots: 2
                        state-backend: hashmap
                        checkpoints:
                          interval: 1 s
                          timeout: 10 min
                          minimum-pause: 500 ms
                          retained: 3
                          unaligned: false
                          incremental: true
                          tolerated-failures: 1800
                          location: file:///data/flink
                          location-options: {}
                        overrides:
                          parallelism.default: '4'
                        """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    format: 1                 | format: 2           | format
                    format: 1                 | formed: 1           | format
                    name: flights             | name: Flights       | cluster name
                    nodes: 3                  | nodes: 2            | plan nodes
                    nodes: 3                  | nodes: three        | nodes
                    nodes: 3                  | nodes: 30000000000  | nodes
                    node-memory: 8589934592b  | node-memory: much   | node-memory
                    node-memory: 8589934592b  | node-memory: ''     | node-memory
                    node-cpus: 2              | node-cpus: 0        | node CPUs
                    task-slots: 2             | task-slots: 0       | taskSlots
                    task-slots: 2             | task-slots: 9999999999 | task-slots
                    interval: 1 s             | interval: soon      | interval
                    interval: 1 s             | interval: 1000      | interval
                    timeout: 10 min           | timeout: ten        | timeout
                    minimum-pause: 500 ms     | minimum-pause: PT-1S | minimum pause
                    state-backend: hashmap    | state-backend: disk | hashmap or rocksdb
                    unaligned: false          | unaligned: maybe    | unaligned
                    tolerated-failures: 1800  | tolerated-failures: -1 | failures tolerated
                    retained: 3               | retained: 0         | retained
                    location: file:///data/flink | location: no uri | storage URI
                    parallelism.default: '4'  | rest.port: '4'      | rest.port
                    """)
    void refusesADamagedSpecAndSaysWhere(String field, String damaged, String named) {
        String text = SpecYaml.write(SPEC);
        assertThat(text).contains(field);
        assertThatThrownBy(() -> SpecYaml.read("cluster.yaml", text.replace(field, damaged)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource({"''", "just a text", "'[1, 2]'", "'a: ]'", "'a: &x *x'"})
    void refusesWhatIsNoRecord(String text) {
        assertThatThrownBy(() -> SpecYaml.read("cluster.yaml", text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cluster.yaml");
    }
}
