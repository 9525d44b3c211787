package io.flinkmanaged.gcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.config.Setting;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.storage.NodeFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** How nodes that are processes reach a bucket: with Flink's plug-in, and a copy of the key file in the node. */
final class GcsOnNodes {

    private static final String PLUGIN = "flink-gs-fs-hadoop";
    private static final String DIRECTORY = "gs";
    private static final String KEY = DIRECTORY + "/key.json";

    private GcsOnNodes() {}

    static NodeFileSystem of(GcsSettings gcs, GcsCredentials credentials) {
        Optional<Path> key = credentials.file().map(file -> Path.of(KEY));
        SortedMap<String, String> environment = new TreeMap<>();
        SortedMap<String, Supplier<String>> files = new TreeMap<>();
        files.put(
                DIRECTORY + "/" + HadoopDirectory.FILE,
                () -> HadoopDirectory.text(gcs, gcs.keyFile().flatMap(named -> key)));
        credentials.file().ifPresent(file -> {
            files.put(KEY, () -> read(file));
            environment.put(GcsCredentials.VARIABLE, KEY);
        });
        List<Setting> settings = new ArrayList<>(GcsFlinkKeys.ofNodes(gcs, credentials.tokenServer(), DIRECTORY));
        gcs.keyFile().ifPresent(named -> settings.add(GcsFlinkKeys.keyFile(Path.of(KEY))));
        return new NodeFileSystem(PLUGIN, List.of(Connector.jar()), settings, environment, files);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw InvalidInputException.of("key file", file, "a file that can be read", "Make it readable.")
                    .because(e);
        }
    }
}
