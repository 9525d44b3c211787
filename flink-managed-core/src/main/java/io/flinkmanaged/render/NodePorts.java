package io.flinkmanaged.render;

import io.flinkmanaged.model.InvalidInputException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The ports that the processes of one node listen on; all of them, so that a firewall can be told.
 *
 * @param jobManagerRpc the JobManager's RPC
 * @param blob files that the JobManager hands out
 * @param rest REST and web UI of the JobManager
 * @param jobManagerMetrics the JobManager's metric query service
 * @param taskManagerRpc the TaskManager's RPC
 * @param taskManagerData the TaskManager's shuffles
 * @param taskManagerMetrics the TaskManager's metric query service
 * @param zooKeeperClient clients of the ZooKeeper peer
 * @param zooKeeperPeer the other ZooKeeper peers
 * @param zooKeeperElection elections among the ZooKeeper peers
 */
public record NodePorts(
        int jobManagerRpc,
        int blob,
        int rest,
        int jobManagerMetrics,
        int taskManagerRpc,
        int taskManagerData,
        int taskManagerMetrics,
        int zooKeeperClient,
        int zooKeeperPeer,
        int zooKeeperElection) {

    private static final int COUNT = 10;
    private static final int HIGHEST = 65_535;

    /** Refuses what is no port, and ports that are named twice. */
    public NodePorts {
        List<Integer> all = List.of(
                jobManagerRpc,
                blob,
                rest,
                jobManagerMetrics,
                taskManagerRpc,
                taskManagerData,
                taskManagerMetrics,
                zooKeeperClient,
                zooKeeperPeer,
                zooKeeperElection);
        if (all.stream().anyMatch(port -> port < 1 || port > HIGHEST)
                || all.stream().distinct().count() < COUNT) {
            throw InvalidInputException.of(
                    "ports of a node", all, COUNT + " different ones, 1.." + HIGHEST, "Choose other ports.");
        }
    }

    /** Returns what each is for, for people. */
    public SortedMap<Integer, String> uses() {
        SortedMap<Integer, String> uses = new TreeMap<>();
        uses.put(jobManagerRpc, "the JobManager's RPC");
        uses.put(blob, "the JobManager's blobs");
        uses.put(rest, "REST");
        uses.put(jobManagerMetrics, "the JobManager's metrics");
        uses.put(taskManagerRpc, "the TaskManager's RPC");
        uses.put(taskManagerData, "the TaskManager's shuffles");
        uses.put(taskManagerMetrics, "the TaskManager's metrics");
        uses.put(zooKeeperClient, "ZooKeeper's clients");
        uses.put(zooKeeperPeer, "ZooKeeper's peers");
        uses.put(zooKeeperElection, "ZooKeeper's elections");
        return uses;
    }

    /**
     * Returns ports that follow each other.
     *
     * @param first the lowest
     */
    public static NodePorts from(int first) {
        return new NodePorts(
                first, first + 1, first + 2, first + 3, first + 4, first + 5, first + 6, first + 7, first + 8,
                first + 9);
    }
}
