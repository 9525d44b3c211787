package io.flinkmanaged.launch.process;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.render.RenderedNode;
import io.flinkmanaged.security.TransportSecurity;
import io.flinkmanaged.security.ZooKeeperClientIdentity;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.highavailability.zookeeper.ZooKeeperClientHAServices;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalListener;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalService;
import org.apache.flink.runtime.util.ZooKeeperUtils;
import org.apache.flink.shaded.curator5.org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.flink.shaded.curator5.org.apache.curator.retry.RetryOneTime;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.ClientCnxnSocketNetty;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.client.ZKClientConfig;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.common.ClientX509Util;
import org.jspecify.annotations.Nullable;

/** Which JobManager leads, as the ZooKeeper peers say. Keeps no thread and no connection. */
final class Leader {

    private static final int SECONDS = 10;

    private Leader() {}

    /** Returns the node of the leader; empty if there is none within ten seconds. */
    static Optional<NodeId> of(
            List<RenderedNode> nodes, LayeredConfiguration configuration, Optional<ZooKeeperClientIdentity> identity) {
        CompletableFuture<String> address = new CompletableFuture<>();
        try {
            ClientHighAvailabilityServices services = services(configuration.toFlink(), identity, address);
            try {
                LeaderRetrievalService retrieval = services.getClusterRestEndpointLeaderRetriever();
                retrieval.start(new Listener(address));
                URI rest = URI.create(address.get(SECONDS, TimeUnit.SECONDS));
                retrieval.stop();
                return nodes.stream()
                        .map(RenderedNode::placement)
                        .filter(node -> node.ports().rest() == rest.getPort()
                                && node.address().equals(rest.getHost()))
                        .map(NodePlacement::node)
                        .findFirst();
            } finally {
                services.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (Exception e) {
            // Nobody leads, or ZooKeeper does not answer.
            return Optional.empty();
        }
    }

    /** As Flink does it, but with a configuration of our own: Flink's client asks this JVM's properties, the embedder's. */
    private static ClientHighAvailabilityServices services(
            Configuration keys, Optional<ZooKeeperClientIdentity> identity, CompletableFuture<String> failed) {
        CuratorFrameworkFactory.Builder curator = CuratorFrameworkFactory.builder()
                .connectString(keys.get(HighAvailabilityOptions.HA_ZOOKEEPER_QUORUM))
                .sessionTimeoutMs(millis(keys.get(HighAvailabilityOptions.ZOOKEEPER_SESSION_TIMEOUT)))
                .connectionTimeoutMs(millis(keys.get(HighAvailabilityOptions.ZOOKEEPER_CONNECTION_TIMEOUT)))
                .retryPolicy(new RetryOneTime(millis(keys.get(HighAvailabilityOptions.ZOOKEEPER_RETRY_WAIT))))
                .ensembleTracker(false)
                .namespace(ZooKeeperUtils.trimStartingSlash(ZooKeeperUtils.generateZookeeperPath(
                        keys.get(HighAvailabilityOptions.HA_ZOOKEEPER_ROOT),
                        keys.get(HighAvailabilityOptions.HA_CLUSTER_ID))))
                .zkClientConfig(client(identity));
        return new ZooKeeperClientHAServices(
                ZooKeeperUtils.startCuratorFramework(curator, failed::completeExceptionally), keys);
    }

    private static ZKClientConfig client(Optional<ZooKeeperClientIdentity> identity) {
        ZKClientConfig client = new ZKClientConfig();
        client.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        identity.ifPresent(library -> {
            client.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
            client.setProperty(ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, ClientCnxnSocketNetty.class.getName());
            try (ClientX509Util names = new ClientX509Util()) {
                client.setProperty(names.getSslProtocolProperty(), TransportSecurity.PROTOCOL);
                client.setProperty(names.getSslEnabledProtocolsProperty(), TransportSecurity.PROTOCOL);
                client.setProperty(names.getSslCipherSuitesProperty(), TransportSecurity.CIPHERS);
                client.setProperty(
                        names.getSslKeystoreLocationProperty(), library.keys().toString());
                client.setProperty(names.getSslKeystoreTypeProperty(), "PEM");
                client.setProperty(
                        names.getSslTruststoreLocationProperty(),
                        library.trust().toString());
                client.setProperty(names.getSslTruststoreTypeProperty(), "PEM");
            }
        });
        return client;
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }

    private record Listener(CompletableFuture<String> address) implements LeaderRetrievalListener {

        @Override
        public void notifyLeaderAddress(@Nullable String leader, java.util.@Nullable UUID session) {
            if (leader != null && !leader.isEmpty()) {
                address.complete(leader);
            }
        }

        @Override
        public void handleError(Exception failure) {
            address.completeExceptionally(failure);
        }
    }
}
