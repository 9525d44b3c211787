package io.flinkmanaged.render;

import io.flinkmanaged.config.Layer;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.security.NodeKeyFile;
import io.flinkmanaged.security.TransportSecurity;
import java.util.ArrayList;
import java.util.List;

/** That Flink's processes speak TLS, and show a certificate to each other, to ZooKeeper, and ask one of REST's users. */
final class TlsSettings {

    private static final String ZOOKEEPER = "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.";
    private static final String MUTUAL = "nobody but the nodes of this cluster may speak to its internal ports";
    private static final String REST = "who may use REST could run any code as the cluster";
    /**
     * Netty 4.2 verifies by default that a server is called what it was connected to, and Flink names it by reverse DNS. An
     * authority that vouches for nothing but the nodes of this cluster says all that Flink's internal traffic has to know.
     */
    private static final String ANY_NODE =
            "-Dorg.apache.flink.shaded.netty4.io.netty.handler.ssl.defaultEndpointVerificationAlgorithm=NONE";

    private static final String MODERN = "all processes are of one version of Flink and Java";

    private final TransportSecurity security;
    private final NodePlacement node;
    private final List<Setting> settings = new ArrayList<>();

    private TlsSettings(TransportSecurity security, NodePlacement node) {
        this.security = security;
        this.node = node;
    }

    static List<Setting> of(TransportSecurity security, NodePlacement node, Kind kind) {
        TlsSettings tls = new TlsSettings(security, node);
        tls.set("security.ssl.protocol", TransportSecurity.PROTOCOL, MODERN);
        tls.set("security.ssl.algorithms", TransportSecurity.CIPHERS, MODERN);
        tls.set("security.ssl.internal.enabled", "true", MUTUAL);
        tls.addStores("security.ssl.internal.", NodeKeyFile.INTERNAL_KEYS, NodeKeyFile.INTERNAL_TRUST, MUTUAL);
        tls.set(
                "zookeeper.sasl.disable",
                "true",
                "certificates say who a client is; looking for a login costs start time");
        if (kind == Kind.JOB_MANAGER) {
            tls.set("security.ssl.rest.enabled", "true", REST);
            tls.set("security.ssl.rest.authentication-enabled", "true", REST);
            tls.addStores("security.ssl.rest.", NodeKeyFile.REST_KEYS, NodeKeyFile.REST_TRUST, REST);
        }
        return tls.settings;
    }

    /**
     * Returns what only the command line can say: Flink has no key for a ZooKeeper over TLS, whose client asks the JVM's
     * properties. Paths are relative to the node's directory; no secret is among them.
     */
    static List<String> jvmArguments(Kind kind) {
        List<String> arguments = new ArrayList<>(List.of(
                ANY_NODE,
                "-Dzookeeper.client.secure=true",
                "-Dzookeeper.clientCnxnSocket=" + ZOOKEEPER + "ClientCnxnSocketNetty",
                "-Dzookeeper.ssl.protocol=" + TransportSecurity.PROTOCOL,
                "-Dzookeeper.ssl.enabledProtocols=" + TransportSecurity.PROTOCOL,
                "-Dzookeeper.ssl.ciphersuites=" + TransportSecurity.CIPHERS,
                "-Dzookeeper.ssl.keyStore.location=" + NodeKeyFile.INTERNAL_KEYS_PEM.path(),
                "-Dzookeeper.ssl.keyStore.type=PEM",
                "-Dzookeeper.ssl.trustStore.location=" + NodeKeyFile.INTERNAL_TRUST_PEM.path(),
                "-Dzookeeper.ssl.trustStore.type=PEM"));
        if (kind == Kind.JOB_MANAGER) {
            // A resumed session is not asked for its certificate again: Java would let one that has expired in for a
            // day.
            arguments.add("-Djdk.tls.server.enableSessionTicketExtension=false");
            arguments.add("-Djdk.tls.server.sessionTicketTimeout=1");
        }
        return arguments;
    }

    /** Returns the lines of a ZooKeeper peer's configuration that leave it no port without TLS. */
    static String zooKeeperLines(NodePlacement node) {
        StringBuilder text = new StringBuilder();
        line(text, "secureClientPort", Integer.toString(node.ports().zooKeeperClient()));
        line(text, "secureClientPortAddress", node.address());
        text.append("# Flink would open 2181 otherwise.\n");
        line(text, "clientPort", "0");
        line(text, "serverCnxnFactory", ZOOKEEPER + "server.NettyServerCnxnFactory");
        line(text, "sslQuorum", "true");
        for (String prefix : List.of("ssl.", "ssl.quorum.")) {
            line(text, prefix + "protocol", TransportSecurity.PROTOCOL);
            line(text, prefix + "enabledProtocols", TransportSecurity.PROTOCOL);
            line(text, prefix + "ciphersuites", TransportSecurity.CIPHERS);
            line(text, prefix + "clientAuth", "need");
            line(text, prefix + "keyStore.location", pathOf(node, NodeKeyFile.INTERNAL_KEYS_PEM));
            line(text, prefix + "keyStore.type", "PEM");
            line(text, prefix + "trustStore.location", pathOf(node, NodeKeyFile.INTERNAL_TRUST_PEM));
            line(text, prefix + "trustStore.type", "PEM");
        }
        return text.toString();
    }

    private void addStores(String prefix, NodeKeyFile keys, NodeKeyFile trust, String reason) {
        String password = security.keyStorePassword().toString();
        set(prefix + "keystore", pathOf(node, keys), reason);
        set(prefix + "keystore-type", NodeKeyFile.FORMAT.name(), reason);
        set(prefix + "keystore-password", password, reason);
        set(prefix + "key-password", password, reason);
        set(prefix + "truststore", pathOf(node, trust), reason);
        set(prefix + "truststore-type", NodeKeyFile.FORMAT.name(), reason);
        set(prefix + "truststore-password", password, reason);
    }

    private void set(String key, String value, String reason) {
        settings.add(new Setting(key, value, Layer.PLACEMENT, reason));
    }

    private static String pathOf(NodePlacement node, NodeKeyFile file) {
        return node.directory().resolve(file.path()).toString();
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append(" = ").append(ZooKeeperFile.escaped(value)).append('\n');
    }
}
