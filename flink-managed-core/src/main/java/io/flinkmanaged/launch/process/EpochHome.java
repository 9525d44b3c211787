package io.flinkmanaged.launch.process;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.launch.LaunchOrder;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.AllowedSources;
import io.flinkmanaged.render.Firewall;
import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.render.ProcessPlacement;
import io.flinkmanaged.render.ProcessRenderer;
import io.flinkmanaged.render.RenderedFile;
import io.flinkmanaged.render.RenderedNode;
import io.flinkmanaged.render.RenderedProcess;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.storage.NodeFileSystem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Where an epoch lives, and what was rendered for it. */
final class EpochHome {

    private static final int LAST_LINES = 20;

    private final Hosts hosts;
    private final Places places;
    private final LaunchOrder order;
    private final ProcessPlacement placement;
    private final EpochSecurity security;
    private final Optional<NodeFileSystem> fileSystem;
    private final AllowedSources allowed;
    private final List<RenderedNode> nodes;

    EpochHome(
            Hosts hosts,
            Places places,
            LaunchOrder order,
            ProcessPlacement placement,
            EpochSecurity security,
            AllowedSources allowed) {
        this.hosts = hosts;
        this.places = places;
        this.order = order;
        this.placement = security.secured(placement);
        this.security = security;
        this.allowed = allowed;
        this.fileSystem = order.fileSystem().get();
        this.nodes = ProcessRenderer.render(order.spec(), this.placement, with(order.settings()));
    }

    /** What a storage says of nodes counts for them. */
    private List<Setting> with(List<Setting> settings) {
        List<Setting> all = new ArrayList<>(settings);
        fileSystem.ifPresent(plugin -> {
            Set<String> given = plugin.settings().stream().map(Setting::key).collect(Collectors.toSet());
            all.removeIf(setting -> given.contains(setting.key()));
            all.addAll(plugin.settings());
        });
        return all;
    }

    ClusterName cluster() {
        return order.spec().name();
    }

    /** Returns whether there was an epoch before, whose jobs wait to be continued. */
    boolean continuesAnother() {
        return order.epoch().number() > 1;
    }

    /** Returns whether those jobs come before anything that they can do without at first. */
    boolean takesJobsFirst() {
        return order.jobsFirst();
    }

    /** Returns whether none of its processes may outlive this JVM. */
    boolean endsWithThisJvm() {
        return order.endsWithThisJvm();
    }

    List<RenderedNode> nodes() {
        return nodes;
    }

    RenderedNode node(NodeId id) {
        return nodes.get(id.number() - 1);
    }

    LayeredConfiguration configuration() {
        return configurationOf(nodes);
    }

    LayeredConfiguration configurationOf(ClusterSpec other, List<Setting> settings) {
        return configurationOf(ProcessRenderer.render(other, placement, with(settings)));
    }

    private static LayeredConfiguration configurationOf(List<RenderedNode> rendered) {
        return rendered.get(0).process(Kind.JOB_MANAGER).configuration();
    }

    Optional<NodeFileSystem> fileSystem() {
        return fileSystem;
    }

    EpochSecurity security() {
        return security;
    }

    /** Returns the firewall of a node, for whoever may load it. */
    RenderedFile firewall(NodePlacement node) {
        return Firewall.of(cluster(), placement, node, allowed);
    }

    /** Returns where this JVM reaches the clients' port of a node's ZooKeeper peer. */
    InetSocketAddress zooKeeper(RenderedNode node) {
        return reach(node, node.placement().ports().zooKeeperClient());
    }

    /** Returns where this JVM reaches a node's REST interface. */
    URI rest(RenderedNode node) {
        InetSocketAddress reached = reach(node, node.placement().ports().rest());
        return URI.create(security.restScheme() + "://" + reached.getHostString() + ":" + reached.getPort());
    }

    private InetSocketAddress reach(RenderedNode node, int port) {
        return hostOf(node.placement()).reach(node.placement().address(), port);
    }

    Host hostOf(NodePlacement node) {
        return hosts.of(node.node());
    }

    /**
     * Returns when a process has read the keys that it has. Those of its node are issued anew before each start, and before a
     * prepared one is told to begin.
     */
    Optional<Instant> readItsKeys(HostProcess process) {
        return nodes.stream()
                .map(RenderedNode::placement)
                .filter(node -> Path.of(process.startedAs()).startsWith(node.directory()))
                .findFirst()
                .flatMap(node -> Standbys.began(process, hostOf(node)));
    }

    /** Returns whether nobody may hear of a node that works. */
    boolean canBeCutOff(NodeId node) {
        return hosts.canBeCutOff(node);
    }

    /** Returns the addresses that its nodes speak to each other at. */
    List<String> addresses() {
        return nodes.stream().map(node -> node.placement().address()).distinct().toList();
    }

    List<URI> allRest() {
        return nodes.stream().map(this::rest).toList();
    }

    Path directory() {
        return places.of(cluster(), order.epoch());
    }

    /**
     * Concludes the epoch ({@link EpochEnd}); nobody who lives in it is asked to end first.
     *
     * @param left who could not be ended
     */
    StopConfirmation ended(List<HostProcess> left) {
        return new EpochEnd(hosts, places).of(cluster(), order.epoch(), placement.nodes(), left, Duration.ZERO);
    }

    /**
     * Returns what is to be said of ports that somebody else holds, to be asked when none of its processes lives; empty if
     * nobody does. They were free when they were chosen.
     */
    String takenPorts() {
        StringBuilder text = new StringBuilder();
        for (NodePlacement node : placement.nodes()) {
            node.ports().uses().forEach((port, use) -> {
                if (!hostOf(node).isFree(node.address(), port)) {
                    text.append("\nport ")
                            .append(port)
                            .append(" of ")
                            .append(node.node())
                            .append(", for ")
                            .append(use)
                            .append(
                                    ": taken by somebody else since it was chosen (expected: free). Launch again: other ")
                            .append("ports are chosen.");
                }
            });
        }
        return text.toString();
    }

    /** Returns where logs, and after a failed launch what was rendered, are kept. */
    Path logs() {
        return places.logsOf(cluster(), order.epoch());
    }

    /** Keeps what was rendered, with references in the place of secrets. */
    void keepRendered() throws IOException {
        for (RenderedNode node : nodes) {
            List<RenderedFile> files = new ArrayList<>();
            List<String> directories = new ArrayList<>();
            for (RenderedProcess process : node.processes()) {
                directories.add(process.kind().directory());
                directories.add(process.kind().directory() + "/conf");
                files.addAll(process.files());
            }
            hostOf(node.placement()).put(logs().resolve(node.placement().node().toString()), directories, files);
        }
    }

    /** Returns the file, below a node's directory, that a process of this name writes its standard output and error to. */
    static String outputOf(Kind kind, String name) {
        return kind.directory() + "/log/" + Path.of(name).getFileName() + ".out";
    }

    /** Returns where a process's log is while its epoch lasts, on its node's host. */
    Path logOf(Seat seat) {
        return node(seat.node()).placement().directory().resolve(logOf(seat.kind()));
    }

    private static String logOf(Kind kind) {
        return kind.directory() + "/log/" + kind.directory() + ".log";
    }

    /** Returns the last lines that a process wrote, indented. */
    String lastLines(Seat seat, String startedAs) {
        NodePlacement place = node(seat.node()).placement();
        StringBuilder text = new StringBuilder();
        for (String file : List.of(outputOf(seat.kind(), startedAs), logOf(seat.kind()))) {
            hostOf(place).tail(place.directory().resolve(file), LAST_LINES).forEach(line -> text.append("\n    ")
                    .append(line));
        }
        return text.toString();
    }
}
