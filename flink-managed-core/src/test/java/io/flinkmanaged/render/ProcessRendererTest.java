package io.flinkmanaged.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.config.KeyCatalogue;
import io.flinkmanaged.config.KeyRule;
import io.flinkmanaged.config.Layer;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.internal.ForkedJvm;
import io.flinkmanaged.internal.Golden;
import io.flinkmanaged.internal.Seeded;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plan;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.RandomSpecs;
import io.flinkmanaged.spec.StorageLocation;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.flink.util.MdcUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProcessRendererTest {

    private static final List<Setting> STORAGE =
            List.of(new Setting("s3.region", "eu-west-1", Layer.STORAGE, "S3Storage.region"));

    @TempDir
    private Path directory;

    private final ClusterSpec three = ClusterSpec.named("flights")
            .plan(Plans.THREE_NODE_4GB)
            .taskSlots(2)
            .checkpoints(Checkpointing.every(Duration.ofSeconds(10)).to(StorageLocation.at("s3://bucket/flink")))
            .build();

    static List<Plan> plans() {
        return Plans.all();
    }

    /** After a change that is meant: {@code mvn -pl flink-managed-core -am test -Dtest=ProcessRendererTest -DwriteGolden}. */
    @ParameterizedTest
    @MethodSource("plans")
    void whatIsRenderedForAPlanIsPinned(Plan plan) {
        Golden.check(
                "processes-" + plan.name() + ".txt",
                everythingOf(render(three.toBuilder().plan(plan).build())));
    }

    @Test
    void theSameInputGivesTheSameBytes() {
        Seeded.check(20, random -> {
            ClusterSpec any = RandomSpecs.spec(random);
            assertThat(everythingOf(render(any)))
                    .isEqualTo(everythingOf(render(any.toBuilder().build())));
            assertThat(render(any)).isEqualTo(render(any.toBuilder().build()));
        });
    }

    @Test
    void flinksOwnLoaderReadsWhatWasRendered() {
        Seeded.check(20, random -> {
            ClusterSpec any = RandomSpecs.spec(random).toBuilder()
                    .override("metrics.reporter.odd.text", Seeded.text(random))
                    .build();
            for (RenderedNode node : render(any)) {
                for (Kind kind : List.of(Kind.JOB_MANAGER, Kind.TASK_MANAGER)) {
                    RenderedProcess process = node.process(kind);
                    Files.writeString(
                            directory.resolve("config.yaml"),
                            file(process, "config.yaml").text());
                    assertThat(GlobalConfiguration.loadConfiguration(directory.toString())
                                    .toMap())
                            .isEqualTo(process.configuration().toFlink().toMap());
                }
            }
        });
    }

    /** A rendering sets only keys that Flink has, and none that a person locked out of; each with its reason. */
    @Test
    void everyKeyIsFlinksAndHasAReason() {
        for (RenderedProcess process : render(three).get(0).processes()) {
            assertThat(process.configuration().effective()).allSatisfy(setting -> {
                assertThat(KeyCatalogue.ofFlink().ruleOf(setting.key()))
                        .as(setting.key())
                        .isNotEqualTo(KeyRule.UNKNOWN);
                assertThat(setting.reason()).isNotBlank();
            });
        }
    }

    @Test
    void threeNodesMeetInZooKeeper() throws Exception {
        List<RenderedNode> nodes = render(three);
        assertThat(nodes).hasSize(3);
        for (RenderedNode node : nodes) {
            RenderedProcess jobManager = node.process(Kind.JOB_MANAGER);
            assertThat(jobManager.configuration().toFlink().get(HighAvailabilityOptions.HA_ZOOKEEPER_QUORUM))
                    .isEqualTo("node-1:6127,node-2:6127,node-3:6127");
            assertThat(jobManager.configuration().toFlink().get(HighAvailabilityOptions.HA_CLUSTER_ID))
                    .isEqualTo("flights-epoch-1");
            assertThat(jobManager.configuration().toFlink().get(RestOptions.BIND_ADDRESS))
                    .isEqualTo(node.placement().address());
            assertThat(node.process(Kind.TASK_MANAGER).configuration().toFlink().get(TaskManagerOptions.HOST))
                    .isEqualTo(node.placement().address());
        }
    }

    /** Flink's own ZooKeeper reads its file: a quorum of three, or one that stands alone. */
    @Test
    void zooKeeperReadsItsConfiguration() throws Exception {
        Path data = Files.createDirectories(directory.resolve("node-2/zookeeper/data"));
        Files.writeString(data.resolve("myid"), "2");
        RenderedFile file = file(render(local(three)).get(1).process(Kind.ZOOKEEPER), "zoo.cfg");
        Properties properties = new Properties();
        properties.load(new StringReader(file.text()));
        QuorumPeerConfig config = new QuorumPeerConfig();
        config.parseProperties(properties);
        assertThat(config.isDistributed()).isTrue();
        assertThat(config.getServers()).hasSize(3);
        assertThat(config.getClientPortAddress().getPort()).isEqualTo(7017);
        assertThat(config.getDataDir()).isEqualTo(data.toFile());
        assertThat(file(
                                render(three.toBuilder().plan(Plans.TINY).build())
                                        .get(0)
                                        .process(Kind.ZOOKEEPER),
                                "zoo.cfg")
                        .text())
                .doesNotContain("\nserver.");
    }

    @Test
    void mainClassesAreThere() throws Exception {
        for (RenderedProcess process : render(three).get(0).processes()) {
            assertThat(Class.forName(process.mainClass(), false, getClass().getClassLoader())
                            .getMethod("main", String[].class))
                    .isNotNull();
        }
    }

    /** The smallest plan's TaskManager: what its JVM says of its limits is what was rendered, and its log names jobs. */
    @Test
    void aJvmTakesTheArgumentsAndHasTheLimitsAndNamesJobsInItsLog() throws IOException {
        ClusterSpec tiny = ClusterSpec.named("a").plan(Plans.TINY).build();
        NodeMemory memory = NodeMemory.of(tiny);
        long heap = bytes(memory, "framework heap") + bytes(memory, "task heap");
        long direct = bytes(memory, "framework off-heap") + bytes(memory, "task off-heap") + bytes(memory, "network");
        RenderedNode node = render(tiny).get(0);
        layOut(node);
        try (ForkedJvm jvm = ForkedJvm.run(
                directory,
                node.process(Kind.TASK_MANAGER).jvmArguments(),
                RenderedJvm.class,
                MdcUtils.JOB_ID,
                "taskmanager/conf")) {
            assertThat(jvm.nextLine())
                    .isEqualTo("heap " + heap + " initial heap " + heap + " metaspace " + bytes(memory, "metaspace")
                            + " direct " + direct);
            assertThat(jvm.nextLine()).startsWith("Tips: System.out is redirected");
            assertThat(jvm.nextLine()).isEqualTo("(ended)");
        }
        assertThat(Files.readAllLines(directory.resolve("taskmanager/log/taskmanager.log")))
                .filteredOn(line -> !line.contains("GlobalConfiguration"))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("INFO ", "i.f.r.RenderedJvm - without")
                                .doesNotContain("job="),
                        line -> assertThat(line).contains("i.f.r.RenderedJvm job=4711 - within"),
                        line -> assertThat(line).contains("INFO ", "SystemOutRedirectionUtils job=4711 - printed"),
                        line -> assertThat(line)
                                .contains("ERROR ", "SystemOutRedirectionUtils job=4711 - printed, too"));
    }

    /** What resolves the reference puts the secret where the reference stands. */
    @Test
    void aSecretIsReferredToInPrivateFilesOnly() {
        ClusterSpec secretive = three.toBuilder()
                .override("s3.secret-key", "${secret:env:HUNTER2}")
                .build();
        for (RenderedProcess process : render(secretive).get(0).processes()) {
            assertThat(process.jvmArguments()).noneMatch(word -> word.contains("HUNTER2"));
            assertThat(process.arguments()).noneMatch(word -> word.contains("HUNTER2"));
            assertThat(process.environment().toString()).doesNotContain("HUNTER2");
            assertThat(process.files())
                    .filteredOn(file -> file.text().contains("HUNTER2"))
                    .allMatch(file -> file.mode().equals("r--------"));
        }
    }

    @Test
    void aPersonsJvmArgumentsComeLast() {
        ClusterSpec own = three.toBuilder()
                .override("env.java.opts.all", "-Da=\"b c\" -XX:+UseZGC")
                .override("env.java.opts.taskmanager", "-Dd='e f'")
                .build();
        assertThat(render(own).get(0).process(Kind.TASK_MANAGER).jvmArguments())
                .endsWith("-Da=b c", "-XX:+UseZGC", "-Dd=e f");
        assertThat(render(own).get(0).process(Kind.JOB_MANAGER).jvmArguments()).endsWith("-Da=b c", "-XX:+UseZGC");
    }

    @Test
    void refusesAPlacementOfOtherNodes() {
        ProcessPlacement one =
                ProcessPlacement.symbolic(three.toBuilder().plan(Plans.TINY).build());
        assertThatThrownBy(() -> ProcessRenderer.render(three, one, STORAGE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("1 nodes (expected: 3 nodes, as plan three-node-4gb has)");
        assertThatThrownBy(() -> new NodePlacement(new NodeId(1), "a b", directory, NodePorts.from(1)))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new NodePlacement(new NodeId(1), "a", Path.of("b"), NodePorts.from(1)))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> NodePorts.from(65_530)).isInstanceOf(InvalidInputException.class);
    }

    private void layOut(RenderedNode node) throws IOException {
        for (String each : node.directories()) {
            Files.createDirectory(directory.resolve(each));
        }
        for (RenderedProcess process : node.processes()) {
            for (RenderedFile file : process.files()) {
                Files.writeString(directory.resolve(file.path()), file.text());
            }
        }
    }

    private static long bytes(NodeMemory memory, String part) {
        return memory.taskManager().parts().getOrDefault(part, MemorySize.ZERO).getBytes();
    }

    private static RenderedFile file(RenderedProcess process, String name) {
        return process.files().stream()
                .filter(file -> file.path().endsWith("/" + name))
                .findFirst()
                .orElseThrow();
    }

    private static List<RenderedNode> render(ClusterSpec spec) {
        return ProcessRenderer.render(spec, ProcessPlacement.symbolic(spec), STORAGE);
    }

    private static List<RenderedNode> render(ProcessPlacement placement) {
        return ProcessRenderer.render(
                ClusterSpec.named("flights").plan(Plans.THREE_NODE_4GB).build(), placement, STORAGE);
    }

    /** The three nodes on this machine. */
    private ProcessPlacement local(ClusterSpec spec) {
        return new ProcessPlacement(
                new Epoch(1),
                directory.toUri().toString(),
                ProcessPlacement.symbolic(spec).nodes().stream()
                        .map(node -> new NodePlacement(
                                node.node(),
                                "127.0.0.1",
                                directory.resolve(node.node().toString()),
                                NodePorts.from(7000 + 10 * (node.node().number() - 1))))
                        .toList());
    }

    private static String everythingOf(List<RenderedNode> nodes) {
        return nodes.stream().map(ProcessRendererTest::everythingOf).collect(Collectors.joining("\n"));
    }

    private static String everythingOf(RenderedNode node) {
        StringBuilder text = new StringBuilder("=== " + node.placement().node() + "\n");
        node.directories()
                .forEach(each -> text.append("rwx------ ").append(each).append("/\n"));
        for (RenderedProcess process : node.processes()) {
            text.append("\n--- ")
                    .append(process.kind())
                    .append(' ')
                    .append(process.environment())
                    .append("\njava\n");
            process.jvmArguments()
                    .forEach(word -> text.append("  ").append(word).append('\n'));
            text.append("  ")
                    .append(process.mainClass())
                    .append(' ')
                    .append(process.arguments())
                    .append('\n');
            for (RenderedFile file : process.files()) {
                text.append('\n')
                        .append(file.mode())
                        .append(' ')
                        .append(file.path())
                        .append('\n');
                // The same for every process; the first node's shows it.
                boolean log = file.path().endsWith("log4j2.properties");
                boolean first = node.placement().node().equals(new NodeId(1));
                boolean repeated = log
                        ? process.kind() != Kind.ZOOKEEPER
                        : !first && !file.path().endsWith(".cfg");
                text.append(repeated ? Integer.toHexString(file.text().hashCode()) + "\n" : file.text());
            }
        }
        return text.toString();
    }
}
