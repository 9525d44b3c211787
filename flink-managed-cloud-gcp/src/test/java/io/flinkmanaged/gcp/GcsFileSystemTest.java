package io.flinkmanaged.gcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.testkit.EmbeddedGcs;
import java.io.IOException;
import java.net.URI;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Flink gets at when it asks for a bucket. */
class GcsFileSystemTest {

    @AutoClose
    private static final EmbeddedGcs ONE = EmbeddedGcs.start("bucket-one");

    @AutoClose
    private static final EmbeddedGcs OTHER = EmbeddedGcs.start("bucket-other");

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
        StorageLocation longer = TestBuckets.on(ONE).retries(9).build();
        try (StateStorage first = open(ONE, "cluster flights")) {
            assertThatThrownBy(() -> StorageProviders.onClassPath().open(longer, "cluster trains"))
                    .isInstanceOf(ManagedFlinkException.class)
                    .hasMessageContaining("cluster flights")
                    .hasMessageContaining("cluster trains");
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
                .open(TestBuckets.on(ONE).prefix("trains").build(), "cluster trains")) {
            second.write("record", "text");
            first.close();
            first.close();
            assertThat(read(second.uriOf("record"))).isEqualTo("text");
        }
        // Without it, Google's connector would ask the machine for credentials, for a minute.
        Configuration elsewhere = new Configuration();
        elsewhere.setString("gs.auth.service.account.json.keyfile", "/no/such/file");
        FileSystem.initialize(elsewhere, null);
        FileSystem files = FileSystem.get(URI.create("gs://bucket-one"));
        assertThatThrownBy(() -> files.exists(new Path("gs://bucket-one/trains/record")))
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
            FileSystem.initialize(new Configuration(), null);
            one.write("record", "text");
            assertThat(read(one.uriOf("record"))).isEqualTo("text");
        }
    }

    /** Each has an account of its own, and a token of one opens nothing of the other. */
    @Test
    void servesEachBucketWithTheKeyOfItsOwnAccount() throws Exception {
        try (EmbeddedGcs one = EmbeddedGcs.start("keyed-one");
                EmbeddedGcs other = EmbeddedGcs.start("keyed-other")) {
            one.requireTokens();
            other.requireTokens();
            try (StateStorage ofOne = withKey(one);
                    StateStorage ofOther = withKey(other)) {
                ofOne.write("record", "of one");
                ofOther.write("record", "of the other");
                assertThat(read(ofOne.uriOf("record"))).isEqualTo("of one");
                assertThat(read(ofOther.uriOf("record"))).isEqualTo("of the other");
            }
        }
    }

    /** Markers of directories, a rename by copies, and a sink's pieces that become one object. */
    @Test
    void doesWhatFlinkAsksOfAFileSystem() throws Exception {
        try (StateStorage one = open(ONE, "cluster flights")) {
            FileSystem files = FileSystem.get(URI.create(one.uriOf("")));
            Path directory = new Path(one.uriOf("a/b"));
            assertThat(files.mkdirs(directory)).isTrue();
            Path file = new Path(directory, "my%20job");
            try (FSDataOutputStream out = files.create(file, WriteMode.NO_OVERWRITE)) {
                out.write("text".getBytes(UTF_8));
            }
            assertThat(read(file.toString())).isEqualTo("text");
            assertThat(files.rename(file, new Path(directory, "renamed"))).isTrue();
            assertThat(files.listStatus(directory)).hasSize(1);
            assertThat(files.delete(directory, true)).isTrue();
            assertThat(files.exists(new Path(directory, "renamed"))).isFalse();
        }
    }

    private static StateStorage withKey(EmbeddedGcs server) {
        return StorageProviders.onClassPath()
                .open(TestBuckets.withKey(server, directory).build());
    }

    private static StateStorage open(EmbeddedGcs server, String user) {
        return StorageProviders.onClassPath().open(TestBuckets.on(server).build(), user);
    }

    private static String read(String uri) throws IOException {
        Path path = new Path(uri);
        try (FSDataInputStream in = path.getFileSystem().open(path)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
