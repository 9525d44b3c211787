package io.flinkmanaged.aws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.testkit.CountingJob;
import io.flinkmanaged.testkit.EmbeddedS3;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.connector.file.sink.FileSink;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is three processes, whose state and election records are in a bucket. */
@Tag("slow")
class NodesOnS3Test {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @AutoClose
    private static final EmbeddedS3 S3 = EmbeddedS3.start("of-nodes");

    @TempDir
    private static Path directory;

    @Test
    void nodesReachTheBucketWithTheRoutingFactoryAndShowNoSecret() throws Exception {
        Path nodes = directory.resolve("nodes");
        List<String> texts = new ArrayList<>();
        try (ManagedFlink flink = ManagedFlink.configure()
                        .listener(event -> texts.add(event + event.text()))
                        .withoutClassSharing()
                        .processes(nodes);
                ManagedCluster cluster = flink.launch(spec())) {
            ManagedJob job = cluster.submit("counting", env -> CountingJob.define(env, "unseen", 1_000_000, 100));
            awaitCheckpoint(job);
            cluster.drill().killTaskManager(1);
            await().atMost(PATIENCE).until(() -> job.progress().restored().isPresent());
            awaitCheckpoint(job);
            refusesAFileSink(cluster);
            texts.add(cluster.explain().toString());
            texts.addAll(readableByOthersThanTheOwner(nodes));
            List<String> keys = authoritiesKeys(nodes);
            assertThat(keptOutsideOfTheNodes(nodes))
                    .noneMatch(kept -> keys.stream().anyMatch(kept::contains));
        }
        assertThat(S3.keys("")).anyMatch(key -> key.contains("/ha/")).anyMatch(key -> key.contains("/chk-"));
        assertThat(texts).hasSizeGreaterThan(10).noneMatch(text -> text.contains(S3.secretKey()));
    }

    /** All that is in the bucket, and in the journal. */
    private static List<String> keptOutsideOfTheNodes(Path nodes) throws IOException {
        List<String> kept = new ArrayList<>();
        for (String key : S3.keys("")) {
            S3.read(key).ifPresent(object -> kept.add(new String(object, ISO_8859_1)));
        }
        int objects = kept.size();
        try (Stream<Path> files = Files.walk(nodes.resolve("journal"))) {
            files.filter(Files::isRegularFile).forEach(file -> kept.add(read(file)));
        }
        assertThat(kept).hasSizeGreaterThan(objects);
        assertThat(objects).isGreaterThan(5);
        return kept;
    }

    /** What would give them away: the marker of a private key, and each one's own, as text and as it is. */
    private static List<String> authoritiesKeys(Path nodes) throws IOException {
        List<String> marks = new ArrayList<>(List.of("PRIVATE KEY-----"));
        try (DirectoryStream<Path> authorities =
                Files.newDirectoryStream(nodes.resolve("nodes/security/of-nodes"), "*.pem")) {
            for (Path authority : authorities) {
                String base64 = read(authority)
                        .replaceFirst("(?s).*-----BEGIN PRIVATE KEY-----(.+)-----END PRIVATE KEY-----.*", "$1")
                        .replaceAll("\\s", "");
                marks.add(base64.substring(base64.length() / 2));
                marks.add(new String(Base64.getDecoder().decode(base64), ISO_8859_1));
            }
        }
        assertThat(marks).hasSize(1 + 2 * 2);
        return marks;
    }

    /**
     * Everything below the nodes, the logs of all processes among it, but for what only the owner may read, and what the
     * job is just working on.
     */
    private static List<String> readableByOthersThanTheOwner(Path nodes) throws IOException {
        List<String> texts = new ArrayList<>();
        List<Path> hidden = new ArrayList<>();
        try (Stream<Path> files = Files.walk(nodes)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".jar")
                            && !file.toString().contains("/working/"))
                    .toList()) {
                try {
                    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                    if (mode.equals("r--------")) {
                        hidden.add(file);
                    } else {
                        texts.add(new String(Files.readAllBytes(file), UTF_8));
                    }
                } catch (NoSuchFileException e) {
                    // What is being uploaded comes and goes meanwhile.
                    assertThat(file.toString()).contains("/tmp/s3-upload-");
                }
            }
        }
        assertThat(hidden).anyMatch(file -> file.endsWith("s3/credentials"));
        assertThat(hidden)
                .filteredOn(file -> file.endsWith("config.yaml"))
                .hasSize(2)
                .noneMatch(file -> read(file).contains(S3.secretKey()));
        return texts;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, ISO_8859_1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Refused in the node, by the factory in its plug-in. */
    private static void refusesAFileSink(ManagedCluster cluster) {
        assertThatThrownBy(() -> cluster.submit("sink", environment -> {
                            environment
                                    .fromSequence(1, 10)
                                    .map(Object::toString)
                                    .sinkTo(FileSink.forRowFormat(
                                                    new org.apache.flink.core.fs.Path("s3://of-nodes/files"),
                                                    new SimpleStringEncoder<String>())
                                            .build());
                            environment.execute("sink");
                        })
                        .awaitFinished(PATIENCE))
                .isInstanceOf(ManagedFlinkException.class)
                .hasMessageContaining("FLINK-39778");
    }

    private static void awaitCheckpoint(ManagedJob job) {
        long seen = job.progress().completedCheckpoints();
        await().atMost(PATIENCE).until(() -> job.progress().completedCheckpoints() > seen);
    }

    private static ClusterSpec spec() {
        return ClusterSpec.named("of-nodes")
                .plan(Plans.TINY)
                .taskSlots(2)
                .stateBackend(StateBackend.ROCKSDB)
                .checkpoints(Checkpointing.every(Duration.ofMillis(500))
                        .to(TestBuckets.on(S3, directory).build()))
                .build();
    }
}
