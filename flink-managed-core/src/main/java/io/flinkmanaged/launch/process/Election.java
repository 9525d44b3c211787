package io.flinkmanaged.launch.process;

import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.security.TransportSecurity;
import io.flinkmanaged.security.ZooKeeperClientIdentity;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.runtime.leaderelection.LeaderInformation;
import org.apache.flink.runtime.util.ZooKeeperUtils;
import org.apache.flink.shaded.curator5.org.apache.curator.framework.CuratorFramework;
import org.apache.flink.shaded.curator5.org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.flink.shaded.curator5.org.apache.curator.retry.RetryOneTime;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.ClientCnxnSocketNetty;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.KeeperException;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.client.ZKClientConfig;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.common.ClientX509Util;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.data.Stat;

/**
 * The records by which an epoch's JobManagers elect their leader, in ZooKeeper. Holds a connection with the threads of
 * Curator, until it is closed. Thread-safe.
 */
final class Election implements AutoCloseable {

    /** Where Flink keeps them, below the namespace of the cluster: a claim a contender, and what the leader tells. */
    private static final String RECORDS = ZooKeeperUtils.getLeaderPath();

    private static final String CLAIMS = RECORDS + ZooKeeperUtils.getLeaderLatchPath();

    private final CuratorFramework zooKeeper;

    private Election(CuratorFramework zooKeeper) {
        this.zooKeeper = zooKeeper;
    }

    /**
     * Begins to connect; whoever asks waits for the connection.
     *
     * @param keys of the JobManagers
     * @param identity what is shown to the peers; empty if they ask nobody
     */
    static Election open(Configuration keys, Optional<ZooKeeperClientIdentity> identity) {
        CuratorFramework zooKeeper = CuratorFrameworkFactory.builder()
                .connectString(keys.get(HighAvailabilityOptions.HA_ZOOKEEPER_QUORUM))
                .sessionTimeoutMs(millis(keys.get(HighAvailabilityOptions.ZOOKEEPER_SESSION_TIMEOUT)))
                .connectionTimeoutMs(millis(keys.get(HighAvailabilityOptions.ZOOKEEPER_CONNECTION_TIMEOUT)))
                .retryPolicy(new RetryOneTime(millis(keys.get(HighAvailabilityOptions.ZOOKEEPER_RETRY_WAIT))))
                .ensembleTracker(false)
                .namespace(ZooKeeperUtils.trimStartingSlash(ZooKeeperUtils.generateZookeeperPath(
                        keys.get(HighAvailabilityOptions.HA_ZOOKEEPER_ROOT),
                        keys.get(HighAvailabilityOptions.HA_CLUSTER_ID))))
                // Flink's own client would ask this JVM's system properties, which are the embedder's.
                .zkClientConfig(client(identity))
                .build();
        zooKeeper.start();
        return new Election(zooKeeper);
    }

    /**
     * Waits for the connection.
     *
     * @return whether it is there
     */
    boolean awaitConnected(Duration atMost) throws InterruptedException {
        return zooKeeper.blockUntilConnected(millis(atMost), TimeUnit.MILLISECONDS);
    }

    /** Returns the addresses that the leader has told, of whichever of its parts; empty if nobody leads. */
    Set<URI> leader() throws Exception {
        Set<URI> addresses = new HashSet<>();
        for (Told told : told()) {
            addresses.add(told.address());
        }
        return addresses;
    }

    /**
     * Takes a dead leader out of the election, so that the next one need not wait until its session has timed out.
     *
     * <p>The claim that goes is the dead process's own, by proof: it belongs to the session that has told the others an
     * address of that process, and addresses are used once at a time. To be called before a successor is started there.
     *
     * @param dead where the process listened; it is proved dead
     * @param may asked before each removal: no longer so when a successor may be there
     * @return whether it led
     */
    boolean remove(NodePlacement dead, BooleanSupplier may) throws Exception {
        Set<Long> sessions = new HashSet<>();
        for (Told told : told()) {
            if (isOf(dead, told.address())) {
                sessions.add(told.session());
            }
        }
        boolean removed = false;
        for (String claim : children(CLAIMS)) {
            String path = CLAIMS + "/" + claim;
            Stat stat = zooKeeper.checkExists().forPath(path);
            if (stat != null && sessions.contains(stat.getEphemeralOwner()) && may.getAsBoolean()) {
                removed |= delete(path, stat.getVersion());
            }
        }
        return removed;
    }

    /** Returns whether an address is one of a node's JobManager. */
    static boolean isOf(NodePlacement node, URI address) {
        String host = String.valueOf(address.getHost()).replace("[", "").replace("]", "");
        return node.address().equals(host)
                && (node.ports().rest() == address.getPort() || node.ports().jobManagerRpc() == address.getPort());
    }

    private boolean delete(String path, int version) throws Exception {
        try {
            zooKeeper.delete().withVersion(version).forPath(path);
            return true;
        } catch (KeeperException.NoNodeException | KeeperException.BadVersionException e) {
            // Its session has ended meanwhile, or somebody else has seen to it.
            return false;
        }
    }

    private Set<Told> told() throws Exception {
        Set<Told> all = new HashSet<>();
        for (String part : children(RECORDS)) {
            // The claims, too, are a child, and tell nothing.
            read(RECORDS + ZooKeeperUtils.generateConnectionInformationPath(part))
                    .ifPresent(all::add);
        }
        return all;
    }

    private Optional<Told> read(String path) throws Exception {
        Stat stat = new Stat();
        try {
            LeaderInformation leader = ZooKeeperUtils.readLeaderInformation(
                    zooKeeper.getData().storingStatIn(stat).forPath(path));
            String address = leader.getLeaderAddress();
            return address == null
                    ? Optional.empty()
                    : Optional.of(new Told(URI.create(address), stat.getEphemeralOwner()));
        } catch (KeeperException.NoNodeException | IOException e) {
            // Just taken away, or not written yet.
            return Optional.empty();
        }
    }

    private List<String> children(String path) throws Exception {
        try {
            return zooKeeper.getChildren().forPath(path);
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        }
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

    @Override
    public void close() {
        zooKeeper.close();
    }

    /**
     * What a leader has told of one of its parts.
     *
     * @param address of that part
     * @param session that has written it, and ends with the leader
     */
    private record Told(URI address, long session) {}
}
