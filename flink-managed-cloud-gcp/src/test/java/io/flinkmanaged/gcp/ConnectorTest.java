package io.flinkmanaged.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.flinkmanaged.internal.Digests;
import io.flinkmanaged.storage.StorageException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The connector's 31,000 classes, and that they stay among themselves. */
class ConnectorTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.apache.flink.fs.gs.GSFileSystemFactory",
                "com.google.cloud.hadoop.fs.gcs.GoogleHadoopFileSystem",
                "com.google.auth.oauth2.GoogleCredentials",
                "com.google.protobuf.Message",
                "com.fasterxml.jackson.databind.ObjectMapper",
                "io.grpc.Channel",
                "org.apache.hadoop.conf.Configuration"
            })
    void isSeenInItsOwnClassLoaderAndNotByTheApplication(String name) throws Exception {
        assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
        Class<?> its = Connector.load().classes().loadClass(name);
        assertThat(its.getClassLoader()).isSameAs(Connector.load().classes());
    }

    /** Both have a Guava, and each uses its own. */
    @Test
    void leavesTheApplicationsGuavaAlone() throws Exception {
        Class<?> its = Connector.load().classes().loadClass(ImmutableList.class.getName());
        assertThat(its).isNotSameAs(ImmutableList.class);
        assertThat(its.getClassLoader()).isSameAs(Connector.load().classes());
        assertThat(ImmutableList.class.getClassLoader()).isSameAs(ConnectorTest.class.getClassLoader());
        assertThat(System.getProperty("java.class.path")).doesNotContain("flink-gs-fs-hadoop");
    }

    /** Looking for file systems neither loads the connector's classes nor looks for credentials. */
    @Test
    void isLoadedOnlyWhenABucketIsUsed() {
        assertThat(ServiceLoader.load(FileSystemFactory.class))
                .filteredOn(factory -> factory.getScheme().equals("gs"))
                .singleElement()
                .isInstanceOf(RoutingGcsFileSystemFactory.class);
        Configuration broken = new Configuration();
        broken.setString("gs.auth.service.account.json.keyfile", "/no/such/file");
        FileSystem.initialize(broken, null);
        FileSystem.initialize(new Configuration(), null);
        assertThat(new RoutingGcsFileSystemFactory().create(URI.create("gs://acme")))
                .isNotNull();
    }

    @Test
    void isUnpackedOnceByManyAtTheSameTime() throws Exception {
        Path root = directory.resolve("plugins");
        List<Path> unpacked = IntStream.range(0, 3)
                .parallel()
                .mapToObj(racer -> ConnectorJar.unpackedBelow(root))
                .toList();
        assertThat(unpacked).containsOnly(unpacked.get(0));
        assertThat(Digests.sha256(unpacked.get(0))).isEqualTo(ConnectorJar.SHA_256);
        assertThat(filesBelow(root)).containsExactly(unpacked.get(0));
        Object before = Files.getAttribute(unpacked.get(0), "unix:ino");
        assertThat(ConnectorJar.unpackedBelow(root)).isEqualTo(unpacked.get(0));
        assertThat(Files.getAttribute(unpacked.get(0), "unix:ino")).isEqualTo(before);
    }

    @Test
    void isUnpackedAgainWhereSomebodyChangedIt() throws Exception {
        Path jar = ConnectorJar.unpackedBelow(directory.resolve("plugins"));
        Files.writeString(jar, "something else");
        assertThat(Digests.sha256(ConnectorJar.unpackedBelow(directory.resolve("plugins"))))
                .isEqualTo(ConnectorJar.SHA_256);
    }

    @Test
    void isNotUnpackedWhereOthersCanWrite() throws Exception {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> ConnectorJar.unpackedBelow(open))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("belongs to others, too");
    }

    private static List<Path> filesBelow(Path root) throws Exception {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
