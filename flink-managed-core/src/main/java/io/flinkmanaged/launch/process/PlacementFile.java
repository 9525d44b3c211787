package io.flinkmanaged.launch.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.internal.DurableFiles;
import io.flinkmanaged.internal.YamlRecord;
import io.flinkmanaged.internal.YamlText;
import io.flinkmanaged.render.NodePlacement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the nodes of an epoch were placed, kept so that whoever comes later finds them: {@code placement.yaml}. */
final class PlacementFile {

    static final String NAME = "placement.yaml";

    private static final int FORMAT = 1;
    private static final String TLS = "tls";

    private PlacementFile() {}

    /** Writes down the first port of each node; directories and numbers follow from where the file is. */
    static void write(Path epoch, List<NodePlacement> nodes, Traffic traffic) throws IOException {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("format", FORMAT);
        record.put("nodes", nodes.size());
        record.put(TLS, traffic == Traffic.TLS);
        for (NodePlacement node : nodes) {
            record.put(node.node() + "-address", node.address());
            record.put(node.node() + "-ports", node.ports().jobManagerRpc());
        }
        DurableFiles.replace(epoch.resolve(NAME), YamlText.write(record).getBytes(UTF_8));
    }

    static Traffic traffic(YamlRecord record) {
        return record.flag(TLS) ? Traffic.TLS : Traffic.CLEAR;
    }

    static Optional<YamlRecord> read(Path epoch) throws IOException {
        Path file = epoch.resolve(NAME);
        return Files.exists(file)
                ? Optional.of(YamlRecord.read("placement " + file, Files.readString(file))
                        .requireFormat(FORMAT))
                : Optional.empty();
    }
}
