package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.render.NodePorts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WitnessTest {

    private static final NodePlacement NODE =
            new NodePlacement(new NodeId(1), "127.0.0.1", Path.of("/unused"), NodePorts.from(10_240));

    private final SystemTimeSource time = new SystemTimeSource();

    @AfterEach
    void close() {
        time.close();
    }

    /** It accepts connections, and says nothing: what a cut network or a hung peer looks like. */
    @Test
    void isWaitedForNoLongerThanItMayTakeIfNobodyAnswersIt() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                Witness witness = new Witness(true, time, () -> Election.open(at(silent), Optional.empty()))) {
            CompletableFuture<Void> settled = CompletableFuture.runAsync(() -> witness.settle(NODE), time.blocking());
            assertThatCode(() -> settled.get(5, TimeUnit.SECONDS))
                    .as("sooner than the eight seconds for which it tries")
                    .doesNotThrowAnyException();
            assertThat(witness.leaders(List.of(NODE))).isEmpty();
        }
    }

    @Test
    void tellsNobodyAnythingIfItIsSwitchedOff() {
        try (Witness witness = new Witness(false, time, () -> {
            throw new AssertionError("nobody is to be told");
        })) {
            witness.prepare();
            witness.jobManagerIsDead(NODE);
            assertThatCode(() -> witness.settle(NODE)).doesNotThrowAnyException();
        }
    }

    private static Configuration at(ServerSocket server) {
        return new Configuration()
                .set(HighAvailabilityOptions.HA_ZOOKEEPER_QUORUM, "127.0.0.1:" + server.getLocalPort())
                .set(HighAvailabilityOptions.HA_CLUSTER_ID, "flights-epoch-1")
                .set(HighAvailabilityOptions.ZOOKEEPER_SESSION_TIMEOUT, Duration.ofSeconds(6));
    }
}
