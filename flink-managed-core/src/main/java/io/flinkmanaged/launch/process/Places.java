package io.flinkmanaged.launch.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.YamlRecord;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.render.NodePorts;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Directories and ports of the clusters of one launcher: {@code <home>/clusters/<name>/epoch-3/node-1}.
 *
 * <p>Ports are taken below those that the operating system gives to outgoing connections, ten in a row for a node. Who
 * places an epoch that has been placed gets the same places.
 */
final class Places {

    private static final int PORTS = 10;
    private static final int LOGS = 5;
    private static final int LOWEST = 10_240;
    private static final int BLOCKS = (32_760 - LOWEST) / PORTS;

    private static final Pattern EPOCH = Pattern.compile("epoch-([1-9]\\d{0,17})");

    private final Path clusters;
    private final Path security;
    private final Hosts hosts;

    Places(Path home, Hosts hosts) {
        this.clusters = home.resolve("clusters");
        this.security = home.resolve("security");
        this.hosts = hosts;
    }

    /** Returns the place for people and records. */
    String home() {
        return hosts.names() + ":" + clusters;
    }

    Path of(ClusterName cluster) {
        return clusters.resolve(cluster.value());
    }

    Path of(ClusterName cluster, Epoch epoch) {
        return of(cluster).resolve(epoch.toString());
    }

    /** Where the logs of an epoch that has ended are kept. */
    Path logsOf(ClusterName cluster, Epoch epoch) {
        return of(cluster).resolve("logs").resolve(epoch.toString());
    }

    /** Returns the epochs of which something is left, logs that are kept aside left out. */
    List<Epoch> epochsOf(ClusterName cluster) throws IOException {
        return epochsIn(of(cluster));
    }

    /** In their order. What is called otherwise is somebody else's, and nothing to us. */
    private static List<Epoch> epochsIn(Path directory) throws IOException {
        return directories(directory).stream()
                .map(each -> EPOCH.matcher(each.getFileName().toString()))
                .filter(Matcher::matches)
                .map(matcher -> new Epoch(Long.parseLong(matcher.group(1))))
                .sorted(Comparator.comparingLong(Epoch::number))
                .toList();
    }

    /** Concludes an epoch of which nothing is known but what was written down when it was placed. */
    void conclude(ClusterName cluster, Epoch epoch) throws IOException {
        conclude(cluster, epoch, find(cluster, epoch).map(Placed::nodes).orElse(List.of()));
    }

    /**
     * Deletes everything that an epoch has, on every host, and keeps its logs aside. No process of it may live. If it fails
     * half-way it can be done again: logs that could not be kept aside are where they were.
     *
     * @param nodes where its nodes are
     */
    void conclude(ClusterName cluster, Epoch epoch, List<NodePlacement> nodes) throws IOException {
        // First: on a full disk, this makes the room that the directories of kept logs need. Keys and secrets go with
        // it.
        deleteAllButLogs(nodes);
        keepLogs(logsOf(cluster, epoch), nodes);
        // Before the placement, which tells a second try what another host still has.
        for (NodePlacement node : nodes) {
            hosts.of(node.node()).delete(node.directory());
        }
        Path directory = of(cluster, epoch);
        hosts.delete(directory);
        // It was placed on this machine's disk, which need not be that of a host.
        Directories.deleteTree(directory);
        forgetOldLogs(cluster);
    }

    private void deleteAllButLogs(List<NodePlacement> nodes) throws IOException {
        for (NodePlacement node : nodes) {
            hosts.of(node.node())
                    .deleteAllBut(
                            node.directory(),
                            logs().map(node.directory()::resolve).collect(Collectors.toSet()));
        }
    }

    private void keepLogs(Path kept, List<NodePlacement> nodes) throws IOException {
        for (NodePlacement node : nodes) {
            for (Path log : logs().toList()) {
                hosts.of(node.node())
                        .move(
                                node.directory().resolve(log),
                                kept.resolve(node.node().toString()).resolve(log));
            }
        }
    }

    /** Returns where a node's processes write their logs, below its directory. */
    private static Stream<Path> logs() {
        return Stream.of(Kind.values()).map(kind -> Path.of(kind.directory(), "log"));
    }

    /** Keeps the logs of the last five epochs. */
    private void forgetOldLogs(ClusterName cluster) throws IOException {
        List<Epoch> kept = epochsIn(of(cluster).resolve("logs"));
        for (Epoch old : kept.subList(0, Math.max(0, kept.size() - LOGS))) {
            hosts.delete(logsOf(cluster, old));
        }
    }

    /** Returns the places of an epoch that has been placed. */
    Optional<Placed> find(ClusterName cluster, Epoch epoch) throws IOException {
        Path directory = of(cluster, epoch);
        return PlacementFile.read(directory)
                .map(record -> new Placed(
                        IntStream.rangeClosed(1, record.count("nodes"))
                                .mapToObj(number -> read(record, directory, new NodeId(number)))
                                .toList(),
                        PlacementFile.traffic(record)));
    }

    /** Places an epoch, for the second time as for the first, whatever traffic is wanted by now. One call at a time. */
    synchronized Placed place(ClusterSpec spec, Epoch epoch, Traffic traffic) throws IOException {
        Optional<Placed> placed = find(spec.name(), epoch);
        if (placed.isPresent()) {
            return placed.get();
        }
        Path directory = Files.createDirectories(of(spec.name(), epoch));
        Set<Integer> taken = takenByOthers();
        List<NodePlacement> nodes = new ArrayList<>();
        for (int number = 1; number <= spec.plan().nodes(); number++) {
            NodeId node = new NodeId(number);
            nodes.add(new NodePlacement(
                    node, hosts.addressOf(node), directory.resolve(node.toString()), ports(directory, node, taken)));
        }
        PlacementFile.write(directory, nodes, traffic);
        return new Placed(nodes, traffic);
    }

    private NodePorts ports(Path epoch, NodeId node, Set<Integer> taken) {
        Host host = hosts.of(node);
        CRC32 seed = new CRC32();
        seed.update((epoch + "/" + node).getBytes(UTF_8));
        for (int attempt = 0; attempt < BLOCKS; attempt++) {
            int first = LOWEST + (int) ((seed.getValue() + attempt) % BLOCKS) * PORTS;
            boolean free = IntStream.range(first, first + PORTS).allMatch(port -> host.isFree(host.address(), port));
            if (free && taken.add(first)) {
                return NodePorts.from(first);
            }
        }
        throw InvalidInputException.of(
                "ports of " + node,
                "none free at " + host.address(),
                PORTS + " in a row, " + LOWEST + " or higher",
                "End what listens there.");
    }

    /** The first ports of every node that this launcher's home knows, so that a node that is down keeps its own. */
    private Set<Integer> takenByOthers() throws IOException {
        Set<Integer> taken = new HashSet<>();
        for (Path cluster : directories(clusters)) {
            for (Path epoch : directories(cluster)) {
                PlacementFile.read(epoch).ifPresent(record -> IntStream.rangeClosed(1, record.count("nodes"))
                        .forEach(number -> taken.add((int) record.number(new NodeId(number) + "-ports"))));
            }
        }
        return taken;
    }

    /** Returns where this library keeps the authorities of a cluster: on its own machine, apart from what nodes have. */
    Path securityOf(ClusterName cluster) {
        return security.resolve(cluster.value());
    }

    private static List<Path> directories(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static NodePlacement read(YamlRecord record, Path epoch, NodeId node) {
        return new NodePlacement(
                node, record.text(node + "-address"), epoch.resolve(node.toString()), NodePorts.from((int)
                        record.number(node + "-ports")));
    }

    /**
     * What was chosen for an epoch.
     *
     * @param nodes where its nodes are
     * @param traffic how its processes speak to each other
     */
    record Placed(List<NodePlacement> nodes, Traffic traffic) {

        /** Keeps a copy. */
        Placed {
            nodes = List.copyOf(nodes);
        }
    }
}
