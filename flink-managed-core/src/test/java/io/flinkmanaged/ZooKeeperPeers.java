package io.flinkmanaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the ZooKeeper peers of an epoch have been, one after the other, as their logs say. */
final class ZooKeeperPeers {

    private static final Pattern STATE = Pattern.compile("(?<= )(LEADING|FOLLOWING|LOOKING)$", Pattern.MULTILINE);

    private final Path epoch;

    /**
     * Looks at an epoch of processes.
     *
     * @param epoch its directory
     */
    ZooKeeperPeers(Path epoch) {
        this.epoch = epoch;
    }

    /** Returns the node whose peer leads the others; there is one, and one only. */
    int leader() throws IOException {
        List<Integer> leaders = new ArrayList<>();
        states().forEach((node, states) -> {
            if (!states.isEmpty() && states.get(states.size() - 1).equals("LEADING")) {
                leaders.add(node);
            }
        });
        assertThat(leaders).hasSize(1);
        return leaders.get(0);
    }

    /** Returns what each node's peer has been until now, the newest last. */
    Map<Integer, List<String>> states() throws IOException {
        Map<Integer, List<String>> states = new TreeMap<>();
        try (Stream<Path> nodes = Files.list(epoch)) {
            for (Path node : nodes.toList()) {
                String name = node.getFileName().toString();
                if (name.startsWith("node-")) {
                    String log = Files.readString(node.resolve("zookeeper/log/zookeeper.log"));
                    states.put(
                            Integer.valueOf(name.replace("node-", "")),
                            STATE.matcher(log).results().map(MatchResult::group).toList());
                }
            }
        }
        return states;
    }
}
