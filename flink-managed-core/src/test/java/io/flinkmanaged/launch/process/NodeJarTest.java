package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.apache.flink.runtime.rpc.RpcSystemLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeJarTest {

    @TempDir
    private Path temporary;

    @Test
    void theSameClassesGiveTheSameBytesAndNothingElseIsInIt() throws IOException {
        Path jar = temporary.resolve(NodeJar.NAME);
        Path again = temporary.resolve("again.jar");
        assertThat(NodeJar.write(jar)).isEqualTo(jar);
        assertThat(NodeJar.write(again)).isEqualTo(again);

        assertThat(again).hasSameBinaryContentAs(jar);
        try (JarFile file = new JarFile(jar.toFile())) {
            assertThat(file.stream().map(ZipEntry::getName))
                    .contains("META-INF/services/org.apache.flink.runtime.rpc.RpcSystemLoader")
                    .allMatch(name -> name.startsWith("io/flinkmanaged/node/") || name.startsWith("META-INF/services/"))
                    .noneMatch(name -> name.contains("NodeCode"));
        }
        try (var left = Files.list(temporary)) {
            assertThat(left).containsExactlyInAnyOrder(jar, again);
        }
    }

    @Test
    void inTheEmbeddersJvmFlinkLoadsItsOwnRpcSystem() {
        assertThat(ServiceLoader.load(RpcSystemLoader.class))
                .allMatch(loader -> loader.getClass().getName().startsWith("org.apache.flink"));
    }
}
