package io.flinkmanaged.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.ListeningSockets;
import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ProcessesBelow;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.AccessGranted;
import io.flinkmanaged.event.ClusterEvent.SpecNotKept;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.InvalidSpecException;
import io.flinkmanaged.spec.Plans;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.flink.client.cli.CliFrontend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of processes as the entry launches it when nobody says anything of security: who is let in, and who is not. */
@Tag("slow")
class SecuredClusterTest {

    private static final ClusterSpec SPEC =
            ClusterSpec.named("flights").plan(Plans.TINY).build();

    @TempDir
    private static Path temporary;

    private static final List<ClusterEvent> EVENTS = new CopyOnWriteArrayList<>();
    private static final SystemTimeSource TIME = new SystemTimeSource();
    private static ManagedFlink flink;
    private static ManagedCluster cluster;
    private static final List<String> SOCKETS = new ArrayList<>();
    private static Set<Integer> ports;
    private static int rest;

    @BeforeAll
    static void launch() throws IOException {
        flink = ManagedFlink.configure()
                .strict()
                .listener(EVENTS::add)
                .withoutClassSharing()
                .withoutStandbys()
                .allowRestFrom("10.1.0.0/16")
                .processes(temporary.resolve("flink"));
        cluster = flink.launch(SPEC);
        rest = cluster.webUi().getPort();
        ports = new HashSet<>();
        List<ProcessHandle> processes = ProcessesBelow.of(temporary.toRealPath());
        assertThat(processes).hasSize(3);
        for (ProcessHandle process : processes) {
            ports.addAll(ListeningSockets.portsOf(process));
            SOCKETS.addAll(ListeningSockets.of(process));
        }
    }

    @AfterAll
    static void close() throws IOException {
        if (flink != null) {
            flink.close();
        }
        TIME.close();
        ProcessesBelow.kill(temporary);
    }

    /** Four of the JobManager, three of the TaskManager, one of ZooKeeper. */
    @Test
    void everyPortOfEveryProcessRefusesStrangersAndThoseWithoutACertificate() throws IOException {
        assertThat(cluster.webUi().getScheme()).isEqualTo("https");
        assertThat(ports).hasSize(8).contains(rest);
        assertThat(SOCKETS).hasSize(8).allMatch(ListeningSockets::isLoopback);
        Set<Integer> internal = new HashSet<>(ports);
        internal.remove(rest);
        Path strangers = temporary.resolve("stranger");
        Strangers.areRefusedAt(internal, ours(), strangers, TIME);
        for (int port : ports) {
            assertThat(Tls.answerToPlainText(port, "ruok"))
                    .as("plain text at %d", port)
                    .doesNotContain("imok");
        }
        NodeCertificates own = ours().issue(new NodeId(2), Tls.ADDRESS);
        NodeCertificates stranger = ClusterCertificates.open(strangers, new ClusterName("flights"), TIME)
                .issue(new NodeId(1), Tls.ADDRESS);
        List<X509Certificate> trusted = own.rest().trusted();
        assertThat(isWelcome(rest, null, trusted)).isFalse();
        assertThat(isWelcome(rest, stranger.rest().own(), trusted)).isFalse();
        assertThat(isWelcome(rest, own.internal().own(), trusted)).isFalse();
        AccessGrant grant = cluster.grantAccess("grafana", Duration.ofHours(1));
        assertThat(isWelcome(rest, grant.identity().own(), trusted)).isTrue();
    }

    @Test
    void aGrantIsWhatToolsNeedInPrivateFilesAndAnEventTellsOfIt() throws Exception {
        AccessGrant grant = cluster.grantAccess("ops@example.org", Duration.ofHours(1));
        Path directory = grant.writeTo(temporary.resolve("ops"));
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSize(7).allMatch(file -> modeOf(file).equals("r--------"));
        }
        HttpClient tool =
                HttpClient.newBuilder().sslContext(contextOf(directory)).build();
        URI jobs = cluster.webUi().resolve("/jobs");
        assertThat(tool.send(HttpRequest.newBuilder(jobs).build(), BodyHandlers.ofString())
                        .body())
                .isEqualTo("{\"jobs\":[]}");
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(EVENTS)
                .anyMatch(event -> event instanceof AccessGranted granted
                        && granted.grantee().equals("ops@example.org")
                        && granted.until().equals(grant.expires())));
    }

    @Test
    void flinksOwnCommandLineUsesAGrant() throws Exception {
        Path directory = cluster.grantAccess("cli", Duration.ofHours(1)).writeTo(temporary.resolve("cli"));
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                CliFrontend.class.getName(),
                "list");
        builder.environment().put("FLINK_CONF_DIR", directory.toString());
        Process flinkList = builder.redirectErrorStream(true).start();
        try {
            assertThat(new String(flinkList.getInputStream().readAllBytes(), UTF_8))
                    .contains("No running jobs.");
            assertThat(flinkList.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            Process unused = flinkList.destroyForcibly();
        }
    }

    /** Also for one who was let in before, whose TLS session Java could resume. */
    @Test
    void anExpiredGrantIsRefused() throws Exception {
        AccessGrant grant = cluster.grantAccess("visitor", Duration.ofSeconds(4));
        SSLContext context = RestClientIdentity.sslContextOf(grant.identity());
        assertThat(Tls.isWelcome(rest, context)).isTrue();
        await().atMost(Duration.ofSeconds(30)).until(() -> TIME.now().isAfter(grant.expires()));
        assertThat(Tls.isWelcome(rest, RestClientIdentity.sslContextOf(grant.identity())))
                .isFalse();
        await().atMost(Duration.ofSeconds(10)).until(() -> !Tls.isWelcome(rest, context));
    }

    @Test
    void keysAndFirewallOfANodeAreForItsOwnerAlone() throws IOException {
        Path node = temporary.resolve("flink/nodes/clusters/flights/epoch-1/node-1");
        List<Path> keys = new ArrayList<>();
        try (Stream<Path> files = Files.list(node.resolve(NodeKeyFile.DIRECTORY))) {
            keys.addAll(files.toList());
        }
        assertThat(keys).hasSize(NodeKeyFile.values().length).allMatch(file -> modeOf(file)
                .equals("r--------"));
        assertThat(node.resolve("firewall.nft"))
                .content()
                .contains(
                        "table inet flink-managed-flights-node-1",
                        "ip saddr 10.1.0.0/16 tcp dport { " + rest + " } accept");
        assertThat(modeOf(node.resolve("firewall.nft"))).isEqualTo("r--------");
        String password = Files.readString(temporary.resolve("flink/nodes/security/flights/key-store-password"));
        try (Stream<Path> files = Files.walk(node)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!modeOf(file).equals("r--------")) {
                    assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
                            .as("%s", file)
                            .doesNotContain(password, "PRIVATE KEY");
                }
            }
        }
        assertThat(EVENTS.toString()).doesNotContain(password);
    }

    @Test
    void theProcessesRunWithWhatWasRendered() {
        assertThat(cluster.drift()).isEmpty();
        assertThat(cluster.explain("security.ssl.rest.enabled").toString()).contains("could run any code");
    }

    @Test
    void whoSwitchesItOffIsTold() {
        assertThat(EVENTS).noneMatch(SpecNotKept.class::isInstance);
        try (ManagedFlink clear = ManagedFlink.configure()
                .unencrypted()
                .strict()
                .withoutClassSharing()
                .processes(temporary.resolve("clear"))) {
            assertThatThrownBy(() -> clear.check(SPEC))
                    .isInstanceOf(InvalidSpecException.class)
                    .hasMessageContaining("traffic of cluster flights: in clear, and nobody proves who he is");
            assertThat(clear.explain(SPEC, "security.ssl.internal.enabled").toString())
                    .doesNotContain("PLACEMENT");
        }
    }

    @Test
    void refusesGrantsThatNobodyCanUse() {
        assertThatThrownBy(() -> cluster.grantAccess("a b", Duration.ofHours(1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("name of a grant");
        assertThatThrownBy(() -> cluster.grantAccess("grafana", Duration.ofDays(500)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Prefer a short one");
    }

    private static ClusterCertificates ours() {
        return ClusterCertificates.open(
                temporary.resolve("flink/nodes/security/flights"), new ClusterName("flights"), TIME);
    }

    private static boolean isWelcome(
            int port, @org.jspecify.annotations.Nullable KeyAndCertificate own, List<X509Certificate> trusted)
            throws IOException {
        return Tls.isWelcome(port, Tls.context(own, trusted));
    }

    private static String modeOf(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** As a tool would, from the files alone. */
    private static SSLContext contextOf(Path grant) throws Exception {
        char[] password = Files.readString(grant.resolve("password")).toCharArray();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store(grant.resolve("grant.p12"), password), password);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store(grant.resolve("trust.p12"), password));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore store(Path file, char[] password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream content = Files.newInputStream(file)) {
            store.load(content, password);
        }
        return store;
    }
}
