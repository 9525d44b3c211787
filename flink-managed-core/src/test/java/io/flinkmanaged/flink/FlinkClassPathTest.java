package io.flinkmanaged.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

class FlinkClassPathTest {

    @Test
    void holdsEveryFlinkJarThatTheLibraryBrings() throws Exception {
        List<String> foreign = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            String name = new File(entry).getName();
            if (isOfFlink(name) && !FlinkClassPath.contains(anyClassOf(entry))) {
                foreign.add(name);
            }
        }
        assertThat(foreign).isEmpty();
    }

    @Test
    void holdsNothingElse() {
        assertThat(FlinkClassPath.contains(FlinkClassPathTest.class)).isFalse();
        assertThat(FlinkClassPath.contains(Test.class)).isFalse();
        assertThat(FlinkClassPath.contains(KeptPlan.class)).isTrue();
    }

    private static boolean isOfFlink(String name) {
        return name.startsWith("flink-") && !name.startsWith("flink-managed-") && name.endsWith(".jar");
    }

    private static Class<?> anyClassOf(String jar) throws IOException, ClassNotFoundException {
        try (JarFile file = new JarFile(jar)) {
            String name = file.stream()
                    .map(entry -> entry.getName())
                    .filter(entry -> entry.endsWith(".class") && entry.startsWith("org/apache/flink/"))
                    .findFirst()
                    .orElseThrow();
            return Class.forName(
                    name.substring(0, name.length() - ".class".length()).replace('/', '.'),
                    false,
                    FlinkClassPathTest.class.getClassLoader());
        }
    }
}
