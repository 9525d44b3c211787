package io.flinkmanaged.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flinkmanaged.internal.Seeded;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestOptions;
import org.junit.jupiter.api.Test;

class ClusterSpecTest {

    private static final Checkpointing CHECKPOINTS =
            Checkpointing.every(Duration.ofSeconds(1)).to(FileStorage.at(Path.of("/data/flink")));

    private final ClusterSpec spec = ClusterSpec.named("flights")
            .plan(Plans.SINGLE_NODE_8GB)
            .taskSlots(2)
            .checkpoints(CHECKPOINTS)
            .override("parallelism.default", "4")
            .build();

    @Test
    void hasDefaultsForEverythingButItsName() {
        ClusterSpec plain = ClusterSpec.named("flights").build();
        assertThat(plain.plan()).isEqualTo(Plans.SINGLE_NODE_4GB);
        assertThat(plain.taskSlots()).isEqualTo(1);
        assertThat(plain.checkpoints()).isEmpty();
        assertThat(plain.overrides()).isEmpty();
    }

    @Test
    void equalsASpecOfTheSameContent() {
        Seeded.check(100, random -> {
            ClusterSpec any = RandomSpecs.spec(random);
            ClusterSpec copy = any.toBuilder().build();
            assertThat(copy).isEqualTo(any).hasSameHashCodeAs(any).isNotSameAs(any);
        });
    }

    @Test
    void differsWhenOneSettingDiffers() {
        List<ClusterSpec> others = List.of(
                ClusterSpec.named("trains")
                        .plan(Plans.SINGLE_NODE_8GB)
                        .taskSlots(2)
                        .checkpoints(CHECKPOINTS)
                        .override("parallelism.default", "4")
                        .build(),
                spec.toBuilder().plan(Plans.TINY).build(),
                spec.toBuilder().taskSlots(3).build(),
                spec.toBuilder().checkpoints(CHECKPOINTS.retained(4)).build(),
                spec.toBuilder().override("parallelism.default", "5").build(),
                spec.toBuilder().override("web.history", "5").build(),
                ClusterSpec.named("flights").build());
        assertThat(others).doesNotContain(spec).doesNotHaveDuplicates();
    }

    @Test
    void isNotChangedByTheBuilderThatMadeIt() {
        ClusterSpec.Builder builder = spec.toBuilder();
        ClusterSpec before = builder.build();
        builder.taskSlots(7).override("web.history", "5");
        assertThat(before).isEqualTo(spec);
        assertThatThrownBy(() -> before.overrides().put("web.history", "5"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void takesFlinksOptionsWithTheirTypes() {
        ClusterSpec typed = ClusterSpec.named("flights")
                .override(CoreOptions.DEFAULT_PARALLELISM, 4)
                .override(RestOptions.IDLENESS_TIMEOUT, Duration.ofSeconds(90))
                .build();
        assertThat(typed.overrides())
                .containsEntry("parallelism.default", "4")
                .containsEntry("rest.idleness-timeout", "90 s");
    }

    @Test
    void reportsEverythingThatIsWrongTogether() {
        InvalidSpecException refused =
                catchThrowableOfType(InvalidSpecException.class, () -> ClusterSpec.named("flights")
                        .override("parallelism.defautl", "4")
                        .override("colour.of.the.web.ui", "blue")
                        .override("rest.port", "8081")
                        .override("heartbeat.timeout", "soon")
                        .override("parallelism.default", "4")
                        .build());
        assertThat(refused.findings())
                .extracting(Finding::subject)
                .containsExactly(
                        "override colour.of.the.web.ui",
                        "override heartbeat.timeout",
                        "override parallelism.defautl",
                        "override rest.port");
        assertThat(refused)
                .hasMessageStartingWith("spec of cluster flights: 4 findings")
                .hasMessageContaining("Did you mean parallelism.default?")
                .hasMessageContaining("ManagedCluster.webUi()")
                .hasMessageContaining("\"soon\" (expected: a duration)");
    }

    @Test
    void refusesAValueWhereItIsSet() {
        ClusterSpec.Builder builder = ClusterSpec.named("flights");
        for (int slots : new int[] {Integer.MIN_VALUE, -1, 0, 1025}) {
            InvalidInputException refused =
                    catchThrowableOfType(InvalidInputException.class, () -> builder.taskSlots(slots));
            assertThat(refused)
                    .hasMessage("taskSlots: %d (expected: 1..1024). Use 1 to isolate jobs from each other.", slots);
            assertThat(refused.getStackTrace())
                    .extracting(StackTraceElement::getClassName)
                    .anyMatch(name -> name.startsWith(ClusterSpecTest.class.getName()));
        }
        assertThat(builder.build().taskSlots()).isEqualTo(1);
    }

    @Test
    void refusesANameWhereItIsGiven() {
        assertThatThrownBy(() -> ClusterSpec.named("Flights"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("cluster name: \"Flights\"");
    }

    @Test
    void doesNotShowTheValuesOfOverrides() {
        ClusterSpec secretive = ClusterSpec.named("flights")
                .override("s3.secret-key", "${secret:env:HUNTER2}")
                .override("metrics.reporter.influx.url", "hunter2")
                .build();
        assertThat(secretive.toString())
                .doesNotContain("hunter2")
                .contains("flights", "s3.secret-key", "metrics.reporter.influx.url");
    }

    @Test
    void doesNotShowASecretInAComplaint() {
        for (String key : List.of(
                "security.ssl.rest.key-pasword",
                "s3x.secret-key",
                "s4.access.token",
                "high-availability.jaas.password")) {
            assertThatThrownBy(() -> ClusterSpec.named("flights")
                            .override(key, "hunter2")
                            .build())
                    .isInstanceOf(InvalidSpecException.class)
                    .hasMessageContaining(key)
                    .message()
                    .doesNotContain("hunter2");
        }
    }
}
