package io.flinkmanaged.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flinkmanaged.ListeningSockets;
import io.flinkmanaged.model.ClusterName;
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
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.apache.flink.client.deployment.StandaloneClusterId;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rendered node as three real processes, which speak TLS on every port. */
@Tag("slow")
class EncryptedNodeTest {

    private static final ClusterSpec SPEC =
            ClusterSpec.named("flights").plan(Plans.TINY).build();

    @TempDir
    private static Path home;

    private static SystemTimeSource time;
    private static ClusterCertificates certificates;
    private static NodeCertificates own;
    private static NodePorts ports;
    private static NodeJvms node;

    @BeforeAll
    static void startANode() throws IOException {
        time = new SystemTimeSource();
        certificates = ClusterCertificates.open(home.resolve("security"), SPEC.name(), time);
        own = certificates.issue(new NodeId(1), Tls.ADDRESS);
        ports = NodeJvms.ports(NodeJvms.freePorts(10));
        ProcessPlacement placement = new ProcessPlacement(
                        new Epoch(1),
                        home.resolve("ha").toUri().toString(),
                        List.of(new NodePlacement(new NodeId(1), Tls.ADDRESS, home.resolve("node-1"), ports)))
                .secured(certificates.transport());
        RenderedNode rendered =
                ProcessRenderer.render(SPEC, placement, List.of()).get(0);
        node = NodeJvms.layOut(rendered, own).start(Kind.ZOOKEEPER);
        SSLContext anyNode = Tls.context(own.internal().own(), own.internal().trusted());
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> Tls.isWelcome(ports.zooKeeperClient(), anyNode));
        node.start(Kind.JOB_MANAGER).start(Kind.TASK_MANAGER);
        SSLContext library = certificates.restClient().sslContext();
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> {
                    Stream.of(Kind.values()).forEach(node::process);
                    assertThat(get("/taskmanagers", library)).contains("\"id\":\"node-1\"");
                });
    }

    @AfterAll
    static void endIt() {
        if (node != null) {
            node.close();
        }
        time.close();
    }

    /** All that is open is known, and ZooKeeper has no port for plain text. */
    @Test
    void nothingElseListens() throws IOException {
        assertThat(ListeningSockets.portsOf(node.process(Kind.ZOOKEEPER).toHandle()))
                .containsExactly(ports.zooKeeperClient());
        assertThat(ListeningSockets.portsOf(node.process(Kind.JOB_MANAGER).toHandle()))
                .containsExactlyInAnyOrder(
                        ports.jobManagerRpc(), ports.blob(), ports.rest(), ports.jobManagerMetrics());
        assertThat(ListeningSockets.portsOf(node.process(Kind.TASK_MANAGER).toHandle()))
                .containsExactlyInAnyOrder(ports.taskManagerRpc(), ports.taskManagerData(), ports.taskManagerMetrics());
    }

    @Test
    void internalPortsTakeNodesOnly() throws IOException {
        List<X509Certificate> trusted = own.internal().trusted();
        assertAccepts(Tls.context(own.internal().own(), trusted), trusted);
        assertAccepts(certificates.issue(new NodeId(2), "127.0.0.2").internal());
        assertRefusesInternally("no certificate", Tls.context(null, trusted));
        assertRefusesInternally(
                "a stranger's", Tls.context(stranger().internal().own(), trusted));
        assertRefusesInternally("a REST user's", Tls.context(grant("grafana").own(), trusted));
        assertRefusesInternally("a REST server's", Tls.context(own.rest().own(), trusted));
        for (int port : internalPorts()) {
            assertThat(Tls.answerToPlainText(port, "ruok"))
                    .as("plain text at %d", port)
                    .doesNotContain("imok");
        }
    }

    @Test
    void restTakesItsUsersOnly() throws IOException {
        List<X509Certificate> trusted = own.rest().trusted();
        assertThat(Tls.isWelcome(ports.rest(), Tls.context(grant("grafana").own(), trusted)))
                .isTrue();
        assertRefusedByRest("no certificate", Tls.context(null, trusted));
        assertRefusedByRest("a stranger's", Tls.context(stranger().rest().own(), trusted));
        assertRefusedByRest("a node's internal one", Tls.context(own.internal().own(), trusted));
        assertRefusedByRest("a REST server's", Tls.context(own.rest().own(), trusted));
        assertThat(Tls.answerToPlainText(ports.rest(), "GET /jobs HTTP/1.1\r\nHost: a\r\n\r\n"))
                .doesNotContain("\"jobs\"");
    }

    /** As it ends, not as it began: also for one who was let in before, whose TLS session Java could resume. */
    @Test
    void aGrantThatHasExpiredIsRefused() throws IOException {
        AccessGrant grant = certificates.grant("visitor", Duration.ofSeconds(4), rest());
        SSLContext before = RestClientIdentity.sslContextOf(grant.identity());
        assertThat(get("/jobs", before)).contains("\"jobs\"");
        await().atMost(Duration.ofSeconds(30)).until(() -> time.now().isAfter(grant.expires()));
        assertRefusedByRest("an expired one", RestClientIdentity.sslContextOf(grant.identity()));
        // A second later even the session that Java keeps at either end is over.
        await().atMost(Duration.ofSeconds(5)).until(() -> !Tls.isWelcome(ports.rest(), before));
    }

    @Test
    void aGrantIsWhatFlinksCommandLineNeeds() throws Exception {
        Path directory = certificates
                .grant("ops@example.org", Duration.ofHours(1), rest())
                .writeTo(home.resolve("ops"));
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files)
                    .extracting(file -> PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .hasSize(7)
                    .containsOnly("r--------");
        }
        assertThat(jobsSeenBy(GlobalConfiguration.loadConfiguration(directory.toString())))
                .isZero();
    }

    @Test
    void theLibraryIsAUserOfRest() throws Exception {
        assertThat(jobsSeenBy(certificates.restClient().toFlink(rest()))).isZero();
    }

    @Test
    void aGrantIsWhatCurlNeeds() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/curl")), "curl is not installed here");
        Path directory = certificates.grant("curl", Duration.ofHours(1), rest()).writeTo(home.resolve("curl"));
        Process curl = new ProcessBuilder(
                        "/usr/bin/curl",
                        "--silent",
                        "--show-error",
                        "--cacert",
                        "ca.pem",
                        "--cert",
                        "certificate.pem",
                        "--key",
                        "key.pem",
                        "https://" + Tls.ADDRESS + ":" + ports.rest() + "/jobs")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(new String(curl.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("{\"jobs\":[]}");
            assertThat(curl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            Process unused = curl.destroyForcibly();
        }
    }

    /** Flink and ZooKeeper write their properties into their logs. */
    @Test
    void noLogAndNoCommandLineShowsASecret() throws IOException {
        String password = Files.readString(home.resolve("security/key-store-password"));
        for (Kind kind : Kind.values()) {
            assertThat(node.log(kind)).doesNotContain(password).doesNotContain("PRIVATE KEY");
            assertThat(node.process(kind).info().commandLine()).get().asString().doesNotContain(password);
        }
        assertThat(get("/jobmanager/config", certificates.restClient().sslContext()))
                .doesNotContain(password);
    }

    private static void assertAccepts(Identity identity) throws IOException {
        assertAccepts(Tls.context(identity.own(), identity.trusted()), identity.trusted());
    }

    private static void assertAccepts(SSLContext context, List<X509Certificate> trusted) throws IOException {
        assertThat(trusted).isNotEmpty();
        for (int port : internalPorts()) {
            assertThat(Tls.isWelcome(port, context))
                    .as("welcome at %d of %s", port, ports)
                    .isTrue();
        }
    }

    private static void assertRefusesInternally(String what, SSLContext context) throws IOException {
        for (int port : internalPorts()) {
            assertThat(Tls.isWelcome(port, context))
                    .as("%s at %d of %s", what, port, ports)
                    .isFalse();
        }
    }

    private static void assertRefusedByRest(String what, SSLContext context) throws IOException {
        assertThat(Tls.isWelcome(ports.rest(), context)).as(what).isFalse();
    }

    private static Identity grant(String name) {
        return certificates.grant(name, Duration.ofHours(1), rest()).identity();
    }

    /** Certificates of the same names, by authorities of the same names. */
    private static NodeCertificates stranger() {
        return ClusterCertificates.open(home.resolve("stranger"), new ClusterName("flights"), time)
                .issue(new NodeId(1), Tls.ADDRESS);
    }

    private static Set<Integer> internalPorts() {
        return Set.of(
                ports.jobManagerRpc(),
                ports.blob(),
                ports.jobManagerMetrics(),
                ports.taskManagerRpc(),
                ports.taskManagerData(),
                ports.taskManagerMetrics(),
                ports.zooKeeperClient());
    }

    private static RestAddress rest() {
        return new RestAddress(Tls.ADDRESS, ports.rest());
    }

    private static int jobsSeenBy(Configuration configuration) throws Exception {
        try (RestClusterClient<StandaloneClusterId> client =
                new RestClusterClient<>(configuration, StandaloneClusterId.getInstance())) {
            return client.listJobs().get(30, TimeUnit.SECONDS).size();
        }
    }

    private static String get(String path, SSLContext context) throws IOException {
        URL url =
                URI.create("https://" + Tls.ADDRESS + ":" + ports.rest() + path).toURL();
        HttpsURLConnection connection = (HttpsURLConnection) url.openConnection();
        connection.setSSLSocketFactory(context.getSocketFactory());
        connection.setRequestProperty("Connection", "close");
        connection.setConnectTimeout(10_000);
        connection.setReadTimeout(10_000);
        return new String(connection.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
}
