package io.flinkmanaged.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class NodeFileSystemTest {

    @Test
    void aJarOfItsOwnIsFoundByItsName() {
        assertThat(NodeFileSystem.sourceOf(Logger.class, "slf4j-api"))
                .isRegularFile()
                .hasExtension("jar");
    }

    @Test
    void aDirectoryOfClassesIsTakenAsItIs() {
        assertThat(NodeFileSystem.sourceOf(NodeFileSystemTest.class, "any")).isDirectory();
    }

    @Test
    void aJarWithOtherThingsAndAClassWithoutAFileAreRefused() {
        assertThatThrownBy(() -> NodeFileSystem.sourceOf(Logger.class, "flink-s3-fs-native"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("plug-in of nodes: flink-s3-fs-native is in file:")
                .hasMessageContaining("slf4j-api")
                .hasMessageContaining("Keep it beside the application");
        assertThatThrownBy(() -> NodeFileSystem.sourceOf(String.class, "flink-s3-fs-native"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("is in no file");
    }
}
