package io.flinkmanaged.launch.process;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The hosts of a launcher. Node 1 runs on the first one, node 2 on the second; if there are more nodes than hosts, it begins
 * anew. Thread-safe, if they are.
 */
final class Hosts {

    private final List<Host> all;

    Hosts(List<Host> all) {
        if (all.isEmpty()) {
            throw InvalidInputException.of("hosts", "none", "at least one", "Name where nodes are to run.");
        }
        this.all = List.copyOf(all);
    }

    /** Returns the one that a node runs on. */
    Host of(NodeId node) {
        return all.get((node.number() - 1) % all.size());
    }

    List<Host> all() {
        return all;
    }

    /** Returns the one that archives of classes are made on. */
    Host first() {
        return all.get(0);
    }

    String names() {
        return all.stream().map(Host::name).collect(Collectors.joining(", "));
    }

    /** Judges whether each host can run its share of a spec's nodes. */
    List<Finding> judge(ClusterSpec spec) {
        Map<Host, Integer> shares = new LinkedHashMap<>();
        for (int number = 1; number <= spec.plan().nodes(); number++) {
            shares.merge(of(new NodeId(number)), 1, Integer::sum);
        }
        List<Finding> findings = new ArrayList<>();
        shares.forEach((host, nodes) -> findings.addAll(host.judge(spec, nodes)));
        return findings;
    }

    /** Finds the processes that were started below a directory and live, wherever. */
    List<HostProcess> find(Path directory) throws IOException {
        Map<String, HostProcess> found = new LinkedHashMap<>();
        for (Host host : all) {
            // Hosts that are shares of one machine see each other's.
            host.find(directory).forEach(process -> found.putIfAbsent(process.startedAs() + process.id(), process));
        }
        return List.copyOf(found.values());
    }

    /** Returns where each host has the jars of a distribution, which are put there if they are not. */
    Map<Host, Path> install(FlinkDistribution distribution) throws IOException {
        Map<Host, Path> installed = new LinkedHashMap<>();
        for (Host host : all) {
            installed.put(host, host.install(distribution));
        }
        return installed;
    }

    /** Deletes a directory on every host. */
    void delete(Path directory) throws IOException {
        for (Host host : all) {
            host.delete(directory);
        }
    }

    /** Returns the address of a node. */
    String addressOf(NodeId node) {
        return of(node).address();
    }

    /** Returns whether a node's network can fail while the node works. */
    boolean canBeCutOff(NodeId node) {
        return of(node).distance() == Host.Distance.REMOTE;
    }
}
