package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.render.NodePorts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.runtime.highavailability.zookeeper.CuratorFrameworkWithUnhandledErrorListener;
import org.apache.flink.runtime.leaderelection.LeaderElectionDriver;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.apache.flink.runtime.leaderelection.LeaderInformationRegister;
import org.apache.flink.runtime.leaderelection.ZooKeeperLeaderElectionDriver;
import org.apache.flink.runtime.util.ZooKeeperUtils;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flink's own election, on a real ZooKeeper whose sessions last longer than any test. */
class ElectionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final NodePlacement ONE = node(1, 10_240);
    private static final NodePlacement OTHER = node(2, 10_250);

    @TempDir
    private static Path directory;

    private final NIOServerCnxnFactory server = new NIOServerCnxnFactory();

    @BeforeEach
    void startZooKeeper() throws Exception {
        server.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.startup(new ZooKeeperServer(directory.toFile(), directory.toFile(), 2000));
    }

    @AfterEach
    void stopZooKeeper() {
        server.shutdown();
    }

    @Test
    void theNextOneLeadsWhileTheSessionOfTheRemovedOneLives() throws Exception {
        try (Contender one = new Contender(ONE);
                Election election = Election.open(keys(), Optional.empty())) {
            await().atMost(PATIENCE).until(one.driver::hasLeadership);
            one.tell();
            try (Contender other = new Contender(OTHER)) {
                assertThat(election.leader()).allMatch(address -> Election.isOf(ONE, address));
                assertThat(election.remove(OTHER, () -> true))
                        .as("who does not lead")
                        .isFalse();
                assertThat(one.driver.hasLeadership()).isTrue();

                assertThat(election.remove(ONE, () -> true)).isTrue();

                await().atMost(PATIENCE).until(other.driver::hasLeadership);
                other.tell();
                await().atMost(PATIENCE)
                        .until(() -> election.leader().stream().allMatch(address -> Election.isOf(OTHER, address)));
                assertThat(election.remove(ONE, () -> true)).as("who led once").isFalse();
                assertThat(other.driver.hasLeadership()).isTrue();
            }
        }
    }

    @Test
    void whereNobodyHasEverLedThereIsNothingToRemove() throws Exception {
        try (Election election = Election.open(keys(), Optional.empty())) {
            assertThat(election.leader()).isEmpty();
            assertThat(election.remove(ONE, () -> true)).isFalse();
        }
    }

    private Configuration keys() {
        return new Configuration()
                .set(HighAvailabilityOptions.HA_ZOOKEEPER_QUORUM, "127.0.0.1:" + server.getLocalPort())
                .set(HighAvailabilityOptions.HA_CLUSTER_ID, "flights-epoch-1")
                .set(HighAvailabilityOptions.ZOOKEEPER_SESSION_TIMEOUT, Duration.ofSeconds(40));
    }

    private static NodePlacement node(int number, int port) {
        return new NodePlacement(new NodeId(number), "127.0.0.1", Path.of("/unused"), NodePorts.from(port));
    }

    /** What a JobManager does. */
    private final class Contender implements LeaderElectionDriver.Listener, AutoCloseable {

        private final NodePlacement node;
        private final CuratorFrameworkWithUnhandledErrorListener zooKeeper =
                ZooKeeperUtils.startCuratorFramework(keys(), failure -> {});
        private final ZooKeeperLeaderElectionDriver driver;

        Contender(NodePlacement node) throws Exception {
            this.node = node;
            this.driver = new ZooKeeperLeaderElectionDriver(
                    ZooKeeperUtils.useNamespaceAndEnsurePath(
                            zooKeeper.asCuratorFramework(), ZooKeeperUtils.getLeaderPath()),
                    this);
        }

        void tell() {
            driver.publishLeaderInformation(
                    "dispatcher",
                    LeaderInformation.known(
                            UUID.randomUUID(),
                            "pekko.ssl.tcp://flink@127.0.0.1:" + node.ports().jobManagerRpc()
                                    + "/user/rpc/dispatcher_0"));
        }

        @Override
        public void onGrantLeadership(UUID session) {}

        @Override
        public void onRevokeLeadership() {}

        @Override
        public void onLeaderInformationChange(String part, LeaderInformation told) {}

        @Override
        public void onLeaderInformationChange(LeaderInformationRegister told) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void close() throws Exception {
            driver.close();
            zooKeeper.close();
        }
    }
}
