package io.flinkmanaged.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.testkit.EmbeddedS3;
import io.flinkmanaged.testkit.S3Fault;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.PathsCopyingFileSystem;
import org.apache.flink.core.fs.PathsCopyingFileSystem.CopyRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Flink gets at when it asks for a bucket. */
class S3FileSystemTest {

    @AutoClose
    private static final EmbeddedS3 ONE = EmbeddedS3.start("one", "eu-central-1");

    @AutoClose
    private static final EmbeddedS3 OTHER = EmbeddedS3.start("other");

    @TempDir
    private static java.nio.file.Path directory;

    @AfterEach
    void empty() {
        ONE.heal();
        ONE.keys("").forEach(ONE::delete);
    }

    @Test
    void servesEachBucketWithItsOwnCredentials() throws Exception {
        try (StateStorage one = open(ONE, "cluster one");
                StateStorage other = open(OTHER, "cluster other")) {
            one.write("record", "of one");
            other.write("record", "of the other");
            assertThat(read(one.uriOf("record"))).isEqualTo("of one");
            assertThat(read(other.uriOf("record"))).isEqualTo("of the other");
        }
    }

    @Test
    void refusesOneBucketWithTwoConfigurationsAndNamesBothClusters() {
        StorageLocation longer = TestBuckets.on(ONE, directory).retries(9).build();
        try (StateStorage first = open(ONE, "cluster flights")) {
            assertThatThrownBy(() -> StorageProviders.onClassPath().open(longer, "cluster trains"))
                    .isInstanceOf(ManagedFlinkException.class)
                    .hasMessageContaining("cluster flights")
                    .hasMessageContaining("cluster trains")
                    .hasMessageNotContaining(ONE.secretKey());
            first.write("record", "text");
        }
        try (StateStorage second = StorageProviders.onClassPath().open(longer, "cluster trains")) {
            assertThat(second.read("record")).contains("text");
        }
    }

    @Test
    void sharesABucketBetweenClustersUntilTheLastOneCloses() throws Exception {
        StateStorage first = open(ONE, "cluster flights");
        try (StateStorage second = StorageProviders.onClassPath()
                .open(TestBuckets.on(ONE, directory).prefix("trains").build(), "cluster trains")) {
            second.write("record", "text");
            first.close();
            first.close();
            assertThat(read(second.uriOf("record"))).isEqualTo("text");
        }
        FileSystem files = FileSystem.get(URI.create("s3://one"));
        assertThatThrownBy(() -> files.exists(new Path("s3://one/trains/record")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no open cluster of this process keeps its state there");
    }

    @Test
    void servesABucketAgainThatWasClosedBefore() throws Exception {
        open(ONE, "cluster flights").close();
        try (StateStorage again = open(ONE, "cluster flights")) {
            again.write("record", "text");
            assertThat(read(again.uriOf("record"))).isEqualTo("text");
        }
    }

    @Test
    void survivesThatSomebodyInitializesFlinksFileSystemsAnew() throws Exception {
        try (StateStorage one = open(ONE, "cluster flights")) {
            FileSystem.initialize(new org.apache.flink.configuration.Configuration(), null);
            one.write("record", "text");
            assertThat(read(one.uriOf("record"))).isEqualTo("text");
        }
    }

    /** Flink's own file system says that it can, and then writes to the local disk. */
    @Test
    void copiesInBulkOnlyToThisMachine() throws Exception {
        try (StateStorage one = open(ONE, "cluster flights")) {
            one.write("shared/a", "of a");
            one.write("my%20job/shared/b", "of b");
            Path a = new Path(one.uriOf("shared/a"));
            Path b = new Path(one.uriOf("my%20job/shared/b"));
            Path here = new Path(directory.resolve("copied").toUri());
            PathsCopyingFileSystem files = (PathsCopyingFileSystem) FileSystem.getUnguardedFileSystem(a.toUri());
            assertThat(files.canCopyPaths(a, new Path(one.uriOf("taskowned/a"))))
                    .isFalse();
            // Flink's own asks for my%2520job.
            assertThat(files.canCopyPaths(b, here)).isFalse();
            assertThat(files.canCopyPaths(a, here)).isTrue();
            files.copyFiles(List.of(CopyRequest.of(a, here, 4)), new CloseableRegistry());
            assertThat(Files.readString(directory.resolve("copied"))).isEqualTo("of a");
            assertThatThrownBy(() -> files.copyFiles(
                            List.of(CopyRequest.of(a, new Path(one.uriOf("b")), 4)), new CloseableRegistry()))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(read(one.uriOf("my%20job/shared/b"))).isEqualTo("of b");
        }
    }

    @Test
    void turnsWhatTheSdkThrowsIntoWhatFlinkExpects() throws Exception {
        StorageLocation hasty = TestBuckets.on(ONE, directory).retries(0).build();
        try (StateStorage one = StorageProviders.onClassPath().open(hasty, "cluster flights")) {
            FileSystem files = FileSystem.get(URI.create(one.uriOf("")));
            ONE.inject(S3Fault.reject(503, "SlowDown"));
            assertThatThrownBy(() -> files.exists(new Path(one.uriOf("a")))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> files.listStatus(new Path(one.uriOf("a")))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusesAFileSinkThatWouldLoseDataUnlessTheEmbedderAccepts() throws Exception {
        try (StateStorage one = open(ONE, "cluster flights")) {
            FileSystem files = FileSystem.get(URI.create(one.uriOf("")));
            assertThatThrownBy(files::createRecoverableWriter)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("FLINK-39778")
                    .hasMessageContaining("acceptFileSinkThatLosesDataOnRecovery");
        }
        try (StateStorage one = StorageProviders.onClassPath()
                .open(TestBuckets.on(ONE, directory)
                        .acceptFileSinkThatLosesDataOnRecovery()
                        .build())) {
            assertThat(FileSystem.get(URI.create(one.uriOf(""))).createRecoverableWriter())
                    .isNotNull();
        }
    }

    private static StateStorage open(EmbeddedS3 server, String user) {
        return StorageProviders.onClassPath()
                .open(TestBuckets.on(server, directory).build(), user);
    }

    private static String read(String uri) throws IOException {
        Path path = new Path(uri);
        try (FSDataInputStream in = path.getFileSystem().open(path)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
