package io.flinkmanaged.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.ListeningSockets;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.render.NodePorts;
import io.flinkmanaged.render.ProcessPlacement;
import io.flinkmanaged.render.ProcessRenderer;
import io.flinkmanaged.render.RenderedNode;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.CreateMode;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.ZooDefs;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.ZooKeeper;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.client.ZKClientConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ZooKeeper peers of three rendered nodes as real processes: TLS among each other and with their clients. */
class EncryptedQuorumTest {

    private static final ClusterSpec SPEC =
            ClusterSpec.named("flights").plan(Plans.THREE_NODE_4GB).build();

    @TempDir
    private static Path home;

    private static final List<NodeJvms> NODES = new ArrayList<>();
    private static final List<NodePorts> PORTS = new ArrayList<>();
    private static SystemTimeSource time;
    private static ClusterCertificates certificates;
    private static NodeCertificates client;

    @BeforeAll
    static void startAQuorum() throws IOException {
        time = new SystemTimeSource();
        certificates = ClusterCertificates.open(home.resolve("security"), SPEC.name(), time);
        List<Integer> free = NodeJvms.freePorts(30);
        List<NodePlacement> placed = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            NodePorts ports = NodeJvms.ports(free.subList(10 * i, 10 * i + 10));
            PORTS.add(ports);
            placed.add(new NodePlacement(new NodeId(i + 1), Tls.ADDRESS, home.resolve("node-" + (i + 1)), ports));
        }
        ProcessPlacement placement = new ProcessPlacement(
                        new Epoch(1), home.resolve("ha").toUri().toString(), placed)
                .secured(certificates.transport());
        for (RenderedNode node : ProcessRenderer.render(SPEC, placement, List.of())) {
            NodeCertificates own = certificates.issue(node.placement().node(), Tls.ADDRESS);
            client = own;
            NODES.add(NodeJvms.layOut(node, own).start(Kind.ZOOKEEPER));
        }
    }

    @AfterAll
    static void endIt() {
        NODES.forEach(NodeJvms::close);
        time.close();
    }

    @Test
    void aQuorumAndItsClientsSpeakTlsOnly() throws Exception {
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    try (ZooKeeper zooKeeper = connect(PORTS.get(0))) {
                        assertThat(zooKeeper.getChildren("/", false)).contains("zookeeper");
                    }
                });
        try (ZooKeeper first = connect(PORTS.get(0));
                ZooKeeper last = connect(PORTS.get(2))) {
            String unused = first.create("/said", new byte[] {42}, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            last.sync("/said", (code, path, context) -> {}, null);
            await().ignoreExceptions().untilAsserted(() -> assertThat(last.getData("/said", false, null))
                    .containsExactly(42));
        }

        Set<Integer> open = new TreeSet<>();
        for (int i = 0; i < 3; i++) {
            Set<Integer> ports = ListeningSockets.portsOf(
                    NODES.get(i).process(Kind.ZOOKEEPER).toHandle());
            assertThat(ports)
                    .contains(PORTS.get(i).zooKeeperClient(), PORTS.get(i).zooKeeperElection())
                    .isSubsetOf(
                            PORTS.get(i).zooKeeperClient(),
                            PORTS.get(i).zooKeeperElection(),
                            PORTS.get(i).zooKeeperPeer());
            open.addAll(ports);
        }
        // The leader alone listens for its followers.
        assertThat(open).hasSize(7);

        List<X509Certificate> trusted = client.internal().trusted();
        assertThat(welcomed(open, Tls.context(client.internal().own(), trusted)))
                .isEqualTo(open);
        assertThat(welcomed(open, Tls.context(null, trusted))).isEmpty();
        assertThat(welcomed(open, Tls.context(stranger(), trusted))).isEmpty();
        assertThat(welcomed(
                        open,
                        Tls.context(
                                certificates
                                        .grant("a", Duration.ofHours(1))
                                        .identity()
                                        .own(),
                                trusted)))
                .isEmpty();
        for (int port : open) {
            assertThat(Tls.answerToPlainText(port, "ruok")).doesNotContain("imok");
        }
    }

    private static Set<Integer> welcomed(Set<Integer> ports, SSLContext context) throws IOException {
        Set<Integer> welcomed = new TreeSet<>();
        for (int port : ports) {
            if (Tls.isWelcome(port, context)) {
                welcomed.add(port);
            }
        }
        return welcomed;
    }

    private static KeyAndCertificate stranger() {
        return ClusterCertificates.open(home.resolve("stranger"), SPEC.name(), time)
                .issue(new NodeId(1), Tls.ADDRESS)
                .internal()
                .own();
    }

    /** What the rendered properties of a Flink process say, given to this client alone. */
    private static ZooKeeper connect(NodePorts ports) throws IOException {
        ZKClientConfig config = new ZKClientConfig();
        String directory = home.resolve("node-1").toString();
        config.setProperty("zookeeper.client.secure", "true");
        config.setProperty(
                "zookeeper.clientCnxnSocket",
                "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.ClientCnxnSocketNetty");
        config.setProperty("zookeeper.ssl.protocol", "TLSv1.3");
        config.setProperty("zookeeper.ssl.enabledProtocols", "TLSv1.3");
        config.setProperty("zookeeper.ssl.ciphersuites", TransportSecurity.CIPHERS);
        config.setProperty("zookeeper.ssl.keyStore.location", directory + "/" + NodeKeyFile.INTERNAL_KEYS_PEM.path());
        config.setProperty("zookeeper.ssl.keyStore.type", "PEM");
        config.setProperty(
                "zookeeper.ssl.trustStore.location", directory + "/" + NodeKeyFile.INTERNAL_TRUST_PEM.path());
        config.setProperty("zookeeper.ssl.trustStore.type", "PEM");
        return new ZooKeeper(Tls.ADDRESS + ":" + ports.zooKeeperClient(), 10_000, event -> {}, config);
    }
}
