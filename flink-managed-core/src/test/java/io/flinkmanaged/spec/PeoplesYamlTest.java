package io.flinkmanaged.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import java.time.Duration;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Test;

/** Specs as a person writes them. */
class PeoplesYamlTest {

    @Test
    void whatIsLeftOutHasTheBuildersDefaults() {
        assertThat(ClusterSpec.fromYaml("name: flights"))
                .isEqualTo(ClusterSpec.named("flights").build());
        assertThat(ClusterSpec.fromYaml("""
                        name: flights
                        restart-strategy: {type: exponential-delay}
                        checkpoints: {interval: 10 s, location: "file:///data"}
                        """))
                .isEqualTo(ClusterSpec.named("flights")
                        .restartStrategy(RestartStrategy.exponentialDelay())
                        .checkpoints(Checkpointing.every(Duration.ofSeconds(10)).to(StorageLocation.at("file:///data")))
                        .build());
    }

    @Test
    void aPlanIsNamedOrSpeltOut() {
        assertThat(ClusterSpec.fromYaml("name: a\nplan: three-node-8gb").plan()).isEqualTo(Plans.THREE_NODE_8GB);
        Plan custom = Plan.custom("wide", 1, MemorySize.parse("6g"), 3);
        String yaml = """
                name: a
                plan:
                  name: wide
                  nodes: 1
                  node-memory: 6g
                  node-cpus: 3
                """;
        assertThat(ClusterSpec.fromYaml(yaml).plan()).isEqualTo(custom);
        assertThat(ClusterSpec.named("a").plan(Plans.TINY).build().toYaml()).contains("plan: tiny\n");
    }

    /** A plan of one's own may have the name of one in the catalogue; it is not taken for it. */
    @Test
    void aPlanOfOnesOwnIsNeverWrittenAsOneOfTheCatalogue() {
        ClusterSpec spec = ClusterSpec.named("a")
                .plan(Plan.custom("tiny", 3, MemorySize.parse("6g"), 3))
                .build();
        assertThat(ClusterSpec.fromYaml(spec.toYaml())).isEqualTo(spec);
    }

    @Test
    void anUnknownPlanIsAnsweredWithTheNearest() {
        assertThatThrownBy(() -> ClusterSpec.fromYaml("name: a\nplan: singel-node-4gb"))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("plan: \"singel-node-4gb\"")
                .hasMessageContaining("Did you mean single-node-4gb?");
        assertThatThrownBy(() -> ClusterSpec.fromYaml("name: a\nplan: huge"))
                .hasMessageContaining("There are tiny, single-node-4gb,");
    }

    @Test
    void everyFaultIsToldAtOnce() {
        InvalidSpecException refused =
                catchThrowableOfType(InvalidSpecException.class, () -> ClusterSpec.fromYaml("""
                        name: Flights
                        plan: huge
                        task-slot: 2
                        task-slots: 0
                        state-backend: disk
                        restart-strategy: {type: sometimes}
                        checkpoints:
                          interval: soon
                          location: nowhere
                          retained: 0
                          timeout: 1.5
                        overrides:
                          parallelism.defautl: 4
                        """));
        assertThat(refused.findings())
                .extracting(Finding::subject)
                .containsExactly(
                        "spec, field task-slot",
                        "cluster name",
                        "plan",
                        "taskSlots",
                        "spec, field state-backend",
                        "spec.restart-strategy, field type",
                        "spec.checkpoints, field interval",
                        "storage URI",
                        "spec.checkpoints, field timeout",
                        "checkpoints retained",
                        "override parallelism.defautl");
        assertThat(refused).hasMessageContaining("Did you mean task-slots?");
    }

    @Test
    void brokenYamlIsToldWithItsLine() {
        assertThatThrownBy(() -> ClusterSpec.fromYaml("name: flights\nplan: [tiny\ntask-slots: 2\n"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("spec: line 3, column ");
        assertThatThrownBy(() -> ClusterSpec.fromYaml("")).hasMessageContaining("not a map");
    }

    @Test
    void aNewerFormatIsRefusedAsSuch() {
        assertThatThrownBy(() -> ClusterSpec.fromYaml("format: 2\nname: flights\nwhatever: [1]"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("spec, field format: 2 (expected: format 1, the only one that this version knows). "
                        + "A newer version of this library wrote it; use that version.");
    }

    @Test
    void aMisplacedSecretIsNotRepeated() {
        assertThatThrownBy(
                        () -> ClusterSpec.fromYaml("name: a\npasword: hunter2\noverrides:\n  s3.secret-key: [hunter2]"))
                .isInstanceOf(InvalidSpecException.class)
                .message()
                .doesNotContain("hunter2");
    }
}
