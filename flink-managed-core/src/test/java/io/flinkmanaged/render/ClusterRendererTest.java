package io.flinkmanaged.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.config.KeyCatalogue;
import io.flinkmanaged.config.Layer;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.internal.Seeded;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.SecretRef;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.RandomSpecs;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ConfigurationUtils;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterRendererTest {

    private static final Placement PLACEMENT = new Placement(new Epoch(7), Path.of("/var/lib/epoch-7"));
    private static final List<Setting> STORAGE =
            List.of(new Setting("s3.region", "eu-west-1", Layer.STORAGE, "S3Storage.region"));

    @TempDir
    private Path directory;

    private final ClusterSpec spec = ClusterSpec.named("flights")
            .plan(Plans.THREE_NODE_4GB)
            .taskSlots(2)
            .checkpoints(Checkpointing.every(Duration.ofSeconds(1))
                    .to(FileStorage.at(Path.of("/data/flink")))
                    .timeout(Duration.ofSeconds(30))
                    .minimumPause(Duration.ofMillis(250))
                    .retained(5))
            .build();

    @Test
    void rendersTheSameFromTheSame() {
        Seeded.check(50, random -> {
            ClusterSpec any = RandomSpecs.spec(random);
            RenderedCluster first = ClusterRenderer.render(any, PLACEMENT, STORAGE);
            RenderedCluster second = ClusterRenderer.render(any.toBuilder().build(), PLACEMENT, List.copyOf(STORAGE));
            assertThat(first).isEqualTo(second).hasSameHashCodeAs(second).hasToString(second.toString());
        });
    }

    @Test
    void neverBreaksTheRuleOfAKey() {
        Seeded.check(50, random -> {
            ClusterSpec any = RandomSpecs.spec(random);
            assertThat(ClusterRenderer.render(any, PLACEMENT, STORAGE)
                            .configuration()
                            .effective())
                    .allSatisfy(setting -> assertThat(KeyCatalogue.ofFlink()
                                    .ruleOf(setting.key())
                                    .bounds()
                                    .map(bounds -> bounds.admit(setting.value()))
                                    .orElse(true))
                            .as(setting.toString())
                            .isTrue());
        });
    }

    @Test
    void isReadBackByFlink() {
        Configuration flinks =
                ClusterRenderer.render(spec, PLACEMENT, STORAGE).configuration().toFlink();
        assertThat(flinks.get(TaskManagerOptions.NUM_TASK_SLOTS)).isEqualTo(2);
        assertThat(flinks.get(CheckpointingOptions.CHECKPOINTING_INTERVAL)).isEqualTo(Duration.ofSeconds(1));
        assertThat(flinks.get(CheckpointingOptions.CHECKPOINTING_TIMEOUT)).isEqualTo(Duration.ofSeconds(30));
        assertThat(flinks.get(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS))
                .isEqualTo(Duration.ofMillis(250));
        assertThat(flinks.get(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS)).isEqualTo(5);
        assertThat(flinks.get(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION))
                .isEqualTo(ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        assertThat(flinks.get(CoreOptions.TMP_DIRS)).isEqualTo("/var/lib/epoch-7");
        assertThat(flinks.get(HighAvailabilityOptions.HA_CLUSTER_ID)).isEqualTo("flights-epoch-7");
        assertThat(flinks.getString("s3.region", "")).isEqualTo("eu-west-1");
    }

    /** Processes are given a file: what Flink loads from it is what was rendered. */
    @Test
    void saysTheSameInAConfigurationFile() throws Exception {
        ClusterSpec odd = spec.toBuilder()
                .override("env.java.opts.all", "-Da='b: c' -Dd=\"e # f\" -Dg=[h]")
                .override("metrics.reporter.a.class", "")
                .build();
        Configuration rendered =
                ClusterRenderer.render(odd, PLACEMENT, STORAGE).configuration().toFlink();
        Files.write(directory.resolve("config.yaml"), ConfigurationUtils.convertConfigToWritableLines(rendered, true));
        assertThat(GlobalConfiguration.loadConfiguration(directory.toString()).toMap())
                .isEqualTo(rendered.toMap());
    }

    @Test
    void setsOnlyKeysThatFlinkKnows() {
        RenderedCluster rendered = ClusterRenderer.render(spec, PLACEMENT, STORAGE);
        assertThat(rendered.configuration().effective())
                .extracting(Setting::key)
                .allSatisfy(key -> assertThat(
                                KeyCatalogue.ofFlink().ruleOf(key).kind().toString())
                        .as(key)
                        .isNotEqualTo("UNKNOWN"));
        assertThat(rendered.configuration().effective())
                .allSatisfy(setting -> assertThat(setting.reason()).isNotBlank());
    }

    @Test
    void hasANodeForEachOfThePlan() {
        assertThat(ClusterRenderer.render(spec, PLACEMENT, STORAGE).nodes())
                .containsExactly(new NodeId(1), new NodeId(2), new NodeId(3));
        assertThat(ClusterRenderer.render(spec.toBuilder().plan(Plans.TINY).build(), PLACEMENT, STORAGE)
                        .nodes())
                .containsExactly(new NodeId(1));
    }

    @Test
    void listensOnLoopbackOnly() {
        Configuration flinks = rendered(ClusterSpec.named("flights"));
        assertThat(flinks.get(RestOptions.BIND_ADDRESS)).isEqualTo("127.0.0.1");
        assertThat(flinks.get(JobManagerOptions.BIND_HOST)).isEqualTo("127.0.0.1");
        assertThat(flinks.get(TaskManagerOptions.BIND_HOST)).isEqualTo("127.0.0.1");
        assertThat(flinks.get(RestOptions.BIND_PORT)).isEqualTo("0");
    }

    @Test
    void listensWhereTheSpecSays() {
        Configuration flinks = rendered(ClusterSpec.named("flights").override(RestOptions.BIND_ADDRESS, "0.0.0.0"));
        assertThat(flinks.get(RestOptions.BIND_ADDRESS)).isEqualTo("0.0.0.0");
        assertThat(flinks.get(JobManagerOptions.BIND_HOST)).isEqualTo("127.0.0.1");
    }

    @Test
    void takesNoJarsOverRestUnlessTheSpecSaysSo() {
        assertThat(rendered(ClusterSpec.named("flights")).get(WebOptions.SUBMIT_ENABLE))
                .isFalse();
        assertThat(rendered(ClusterSpec.named("flights").override(WebOptions.SUBMIT_ENABLE, true))
                        .get(WebOptions.SUBMIT_ENABLE))
                .isTrue();
    }

    @Test
    void letsTheSpecWinOverTheStorageAndTheStorageOverTheLibrary() {
        List<Setting> storage = List.of(
                new Setting("s3.region", "eu-west-1", Layer.STORAGE, "storage"),
                new Setting("web.submit.enable", "true", Layer.STORAGE, "storage"));
        ClusterSpec overriding =
                ClusterSpec.named("flights").override("s3.region", "us-east-1").build();
        Configuration flinks = ClusterRenderer.render(overriding, PLACEMENT, storage)
                .configuration()
                .toFlink();
        assertThat(flinks.getString("s3.region", "")).isEqualTo("us-east-1");
        assertThat(flinks.get(WebOptions.SUBMIT_ENABLE)).isTrue();
    }

    @Test
    void explainsASpecThatIsNotLaunched() {
        assertThat(ClusterRenderer.withoutPlacement(spec)
                        .explain("taskmanager.numberOfTaskSlots")
                        .inEffect())
                .contains(new Setting("taskmanager.numberOfTaskSlots", "2", Layer.SPEC, "ClusterSpec.taskSlots"));
        assertThat(ClusterRenderer.withoutPlacement(spec).effective("io.tmp.dirs"))
                .isEmpty();
    }

    @Test
    void showsNoSecretByToString() {
        ClusterSpec secretive = ClusterSpec.named("flights")
                .override("s3.secret-key", SecretRef.env("S3_SECRET").toString())
                .build();
        assertThat(ClusterRenderer.render(secretive, PLACEMENT, STORAGE).toString())
                .contains("s3.secret-key: ${secret:env:S3_SECRET}");
    }

    private static Configuration rendered(ClusterSpec.Builder builder) {
        return ClusterRenderer.render(builder.build(), PLACEMENT, List.of())
                .configuration()
                .toFlink();
    }
}
