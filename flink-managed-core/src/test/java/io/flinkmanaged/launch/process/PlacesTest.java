package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.launch.process.Places.Placed;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.render.NodePorts;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacesTest {

    private static final ClusterSpec SPEC =
            ClusterSpec.named("flights").plan(Plans.SINGLE_NODE_4GB).build();
    private static final Epoch EPOCH = new Epoch(1);

    @TempDir
    private Path home;

    @Test
    void aHostWithoutAFreePortIsNamedWithWhatToDo() throws IOException {
        Places full = places(port -> false);
        assertThatThrownBy(() -> full.place(SPEC, EPOCH, Traffic.TLS))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "ports of node-1: none free at 192.0.2.1 (expected: 10 in a row, 10240 or higher). End what "
                                + "listens there.");
        assertThat(full.find(SPEC.name(), EPOCH)).isEmpty();
    }

    @Test
    void tenInARowOfWhichOneIsTakenArePassedOver() throws IOException {
        Placed first = places(port -> true).place(SPEC, EPOCH, Traffic.TLS);
        int taken = first.nodes().get(0).ports().zooKeeperPeer();
        Directories.deleteTree(home.resolve("clusters"));

        Placed passing = places(port -> port != taken).place(SPEC, EPOCH, Traffic.TLS);

        assertThat(passing.nodes().get(0).ports()).isEqualTo(NodePorts.from(taken + 2));
    }

    /** An operator put the logs of an incident beside those that are kept. */
    @Test
    void keepsTheLogsOfFiveEpochsAndWhateverSomebodyElsePutThere() throws IOException {
        Places places = places(port -> true);
        Path logs = home.resolve("clusters/flights/logs");
        Files.createDirectories(logs.resolve("epoch-3.INC-4711"));
        for (int epoch = 1; epoch <= 11; epoch++) {
            NodePlacement node =
                    places.place(SPEC, new Epoch(epoch), Traffic.TLS).nodes().get(0);
            Files.createDirectories(node.directory().resolve("jobmanager/log"));
            places.conclude(SPEC.name(), new Epoch(epoch));
        }
        try (Stream<Path> kept = Files.list(logs)) {
            assertThat(kept.map(log -> log.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "epoch-3.INC-4711", "epoch-7", "epoch-8", "epoch-9", "epoch-10", "epoch-11");
        }
        assertThat(places.epochsOf(SPEC.name())).isEmpty();
    }

    private Places places(IntPredicate free) {
        return new Places(home, hosts(free));
    }

    private Hosts hosts(IntPredicate free) {
        return new Hosts(List.of(new NamespaceHost(home, new ManualTime(), "elsewhere", "192.0.2.1") {
            @Override
            public boolean isFree(String at, int port) {
                return free.test(port);
            }
        }));
    }
}
