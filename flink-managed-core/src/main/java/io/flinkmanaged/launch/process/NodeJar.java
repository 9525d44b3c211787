package io.flinkmanaged.launch.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.internal.ClassDirectory;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.node.NodeCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The jar with the few classes of this library that run in nodes; nothing else of it gets there. */
final class NodeJar {

    static final String NAME = "flink-managed-node.jar";

    private NodeJar() {}

    /**
     * Writes it; the same classes give the same bytes.
     *
     * @param target the file
     * @return the file
     * @throws IOException if it cannot be written
     */
    static Path write(Path target) throws IOException {
        Path aside = Files.createTempDirectory(target.resolveSibling("."), ".node-");
        try {
            for (Class<?> type : NodeCode.classes()) {
                String file = type.getName().replace('.', '/') + ".class";
                try (InputStream content = type.getClassLoader().getResourceAsStream(file)) {
                    if (content == null) {
                        throw new IOException("flink-managed-core was repackaged without " + file);
                    }
                    Files.copy(content, inDirectory(aside.resolve(file)));
                }
            }
            for (var service : NodeCode.services().entrySet()) {
                Path file = inDirectory(aside.resolve("META-INF/services").resolve(service.getKey()));
                Files.writeString(file, service.getValue() + "\n", UTF_8);
            }
            ClassDirectory.pack(aside, target);
            return target;
        } finally {
            Directories.deleteTree(aside);
        }
    }

    private static Path inDirectory(Path file) {
        return Directories.create(file.resolveSibling(".").normalize()).resolve(file.getFileName());
    }
}
