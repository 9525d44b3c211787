package io.flinkmanaged.render;

import static io.flinkmanaged.config.Layer.LIBRARY;
import static io.flinkmanaged.config.Layer.PLACEMENT;

import io.flinkmanaged.config.Layer;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.flink.ProcessMemory;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.spec.ClusterSpec;
import java.util.ArrayList;
import java.util.List;

/** What the placement decides about a process: addresses, ports, directories, and where JobManagers meet. */
final class PlacedSettings {

    private static final String MEET =
            "the JobManagers of an epoch meet in ZooKeeper, on a single node too: a restarted "
                    + "one takes its jobs back while the TaskManagers live";
    private static final String SHORT =
            "short, and stable on a machine at load 20; Flink's default makes a lost leader " + "cost a minute";
    private static final String HANDSHAKE =
            "the first TLS handshake of a JVM takes seconds on a loaded machine, and who gives up ends its process";
    private static final String REGISTER = "a process that starts a moment before the leader would wait ten seconds";
    private static final String HERE = "the node listens on its own address and the ports that were placed";
    private static final String OWN = "a process keeps its files in its own directory of the node";
    private static final String PRINTED =
            "what a job prints is in the log of its TaskManager, which is rotated; a file of standard output only grows";
    private static final String DIVIDED = "as Flink's own calculator divides the memory of the process";

    private final List<Setting> placed = new ArrayList<>();

    private PlacedSettings() {}

    static List<Setting> of(
            ClusterSpec spec, ProcessPlacement placement, NodePlacement node, Kind kind, ProcessMemory limits) {
        PlacedSettings settings = new PlacedSettings();
        settings.addHighAvailability(spec, placement);
        settings.addDirectories(node, kind);
        if (kind == Kind.JOB_MANAGER) {
            settings.addJobManager(node);
        } else {
            settings.addTaskManager(node);
        }
        placement.security().ifPresent(tls -> settings.placed.addAll(TlsSettings.of(tls, node, kind)));
        limits.settings().forEach((key, value) -> settings.set(PLACEMENT, key, value, DIVIDED));
        return settings.placed;
    }

    private void addHighAvailability(ClusterSpec spec, ProcessPlacement placement) {
        String epoch = spec.name() + "-" + placement.epoch();
        set(PLACEMENT, "high-availability.type", "zookeeper", MEET);
        set(PLACEMENT, "high-availability.zookeeper.quorum", placement.quorum(), MEET);
        set(PLACEMENT, "high-availability.zookeeper.path.root", "/flink-managed", MEET);
        set(PLACEMENT, "high-availability.cluster-id", epoch, "an epoch never reads a former epoch's data");
        set(
                PLACEMENT,
                "high-availability.storageDir",
                placement.highAvailability() + "/" + placement.epoch(),
                "an epoch never reads a former epoch's data");
        set(LIBRARY, "high-availability.zookeeper.client.session-timeout", "6 s", SHORT);
        set(LIBRARY, "high-availability.zookeeper.client.connection-timeout", "10 s", HANDSHAKE);
        set(LIBRARY, "high-availability.zookeeper.client.retry-wait", "500 ms", SHORT);
        set(LIBRARY, "high-availability.zookeeper.client.max-retry-wait", "2 s", SHORT);
        set(LIBRARY, "high-availability.zookeeper.client.max-retry-attempts", "30", HANDSHAKE);
        set(
                LIBRARY,
                "high-availability.zookeeper.client.tolerate-suspended-connections",
                "true",
                "a peer that restarts takes no leader with it");
        set(LIBRARY, "heartbeat.interval", "250 ms", SHORT);
        set(LIBRARY, "heartbeat.timeout", "6 s", SHORT);
        set(LIBRARY, "heartbeat.rpc-failure-threshold", "2", "an unreachable process is given up after half a second");
        set(LIBRARY, "web.refresh-interval", "200 ms", "what REST tells is at most so old; Flink's is 3 s");
        set(LIBRARY, "cluster.registration.error-delay", "500 ms", REGISTER);
        set(LIBRARY, "cluster.registration.refused-registration-delay", "500 ms", REGISTER);
        set(LIBRARY, "cluster.registration.max-timeout", "2 s", REGISTER);
    }

    private void addDirectories(NodePlacement node, Kind kind) {
        String directory = node.directory().resolve(kind.directory()).toString();
        String temporary = node.directory().resolve(kind.temporaryDirectory()).toString();
        set(PLACEMENT, "io.tmp.dirs", temporary, OWN);
        set(PLACEMENT, "process.working-dir", directory + "/working", OWN);
        if (kind == Kind.JOB_MANAGER) {
            set(PLACEMENT, "web.tmpdir", temporary, OWN);
            set(PLACEMENT, "web.upload.dir", directory + "/working/upload", OWN);
            set(PLACEMENT, "jobmanager.resource-id", node.node().toString(), "a node keeps its name");
        } else {
            set(
                    PLACEMENT,
                    "taskmanager.resource-id",
                    node.node().toString(),
                    "a node keeps its name: Flink takes one that comes back for a replacement at once");
        }
    }

    private void addJobManager(NodePlacement node) {
        set(PLACEMENT, "jobmanager.rpc.address", node.address(), HERE);
        set(PLACEMENT, "jobmanager.rpc.port", node.ports().jobManagerRpc(), HERE);
        set(PLACEMENT, "jobmanager.bind-host", node.address(), HERE);
        set(PLACEMENT, "high-availability.jobmanager.port", node.ports().jobManagerRpc(), HERE);
        set(PLACEMENT, "blob.server.port", node.ports().blob(), HERE);
        set(PLACEMENT, "rest.address", node.address(), HERE);
        set(PLACEMENT, "rest.bind-address", node.address(), HERE);
        set(PLACEMENT, "rest.port", node.ports().rest(), HERE);
        set(PLACEMENT, "rest.bind-port", node.ports().rest(), HERE);
        set(PLACEMENT, "metrics.internal.query-service.port", node.ports().jobManagerMetrics(), HERE);
    }

    private void addTaskManager(NodePlacement node) {
        set(PLACEMENT, "taskmanager.host", node.address(), HERE);
        set(PLACEMENT, "taskmanager.bind-host", node.address(), HERE);
        set(PLACEMENT, "taskmanager.rpc.port", node.ports().taskManagerRpc(), HERE);
        set(LIBRARY, "taskmanager.system-out.mode", "LOG", PRINTED);
        set(PLACEMENT, "taskmanager.data.port", node.ports().taskManagerData(), HERE);
        set(PLACEMENT, "metrics.internal.query-service.port", node.ports().taskManagerMetrics(), HERE);
    }

    private void set(Layer layer, String key, int value, String reason) {
        set(layer, key, Integer.toString(value), reason);
    }

    private void set(Layer layer, String key, String value, String reason) {
        placed.add(new Setting(key, value, layer, reason));
    }
}
