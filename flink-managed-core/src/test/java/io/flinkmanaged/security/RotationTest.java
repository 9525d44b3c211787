package io.flinkmanaged.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.SystemTimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotationTest {

    @TempDir
    private Path home;

    /** Real handshakes between nodes of a state and of the next, as they meet during a rolling restart. */
    @Test
    void neighbouringStatesAcceptEachOtherAndOthersDoNot() throws IOException {
        try (SystemTimeSource time = new SystemTimeSource()) {
            ClusterCertificates certificates = ClusterCertificates.open(home, new ClusterName("flights"), time);
            List<SSLContext> nodes = new ArrayList<>();
            for (Rotation expected :
                    List.of(Rotation.SETTLED, Rotation.INTRODUCED, Rotation.SWITCHED, Rotation.SETTLED)) {
                assertThat(certificates.rotation(Purpose.INTERNAL)).isEqualTo(expected);
                Identity node = certificates.issue(new NodeId(1), Tls.ADDRESS).internal();
                nodes.add(Tls.context(node.own(), node.trusted()));
                Rotation unused = certificates.advance(Purpose.INTERNAL, expected);
            }
            for (int server = 0; server < nodes.size(); server++) {
                for (int client = 0; client < nodes.size(); client++) {
                    assertThat(agree(nodes.get(server), nodes.get(client)))
                            .as("server of state %d, client of state %d", server, client)
                            .isEqualTo(Math.abs(server - client) <= 1);
                }
            }
        }
    }

    @Test
    void aStepIsTakenOnceWhoeverAsks() throws IOException {
        ManualTime time = new ManualTime();
        ClusterName flights = new ClusterName("flights");
        ClusterCertificates one = ClusterCertificates.open(home, flights, time);
        ClusterCertificates other = ClusterCertificates.open(home, flights, time);
        assertThat(one.advance(Purpose.REST, Rotation.SETTLED)).isEqualTo(Rotation.INTRODUCED);
        assertThat(other.advance(Purpose.REST, Rotation.SETTLED)).isEqualTo(Rotation.INTRODUCED);
        assertThat(other.advance(Purpose.REST, Rotation.SWITCHED)).isEqualTo(Rotation.INTRODUCED);
        assertThat(other.advance(Purpose.REST, Rotation.INTRODUCED)).isEqualTo(Rotation.SWITCHED);
        assertThat(one.advance(Purpose.REST, Rotation.SWITCHED)).isEqualTo(Rotation.SETTLED);
        assertThat(one.rotation(Purpose.INTERNAL)).isEqualTo(Rotation.SETTLED);
        try (Stream<Path> files = Files.list(home)) {
            assertThat(files)
                    .extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder("internal-1.pem", "key-store-password", "rest-2.pem", "rest.signing");
        }
        assertThat(one.grant("grafana", Duration.ofHours(1), new RestAddress("127.0.0.1", 8081))
                        .identity()
                        .own()
                        .certificate()
                        .getIssuerX500Principal()
                        .getName())
                .isEqualTo("CN=flights rest 2");
    }

    private static boolean agree(SSLContext server, SSLContext client) throws IOException {
        try (SSLServerSocket listening = (SSLServerSocket)
                server.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listening.setNeedClientAuth(true);
            CompletableFuture<Boolean> serverAgrees = CompletableFuture.supplyAsync(() -> {
                try (SSLSocket socket = (SSLSocket) listening.accept()) {
                    socket.startHandshake();
                    socket.getOutputStream().write(1);
                    return true;
                } catch (IOException e) {
                    return false;
                }
            });
            boolean clientAgrees;
            try (SSLSocket socket = (SSLSocket) client.getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
                clientAgrees = socket.getInputStream().read() == 1;
            } catch (IOException e) {
                clientAgrees = false;
            }
            return serverAgrees.join() && clientAgrees;
        }
    }
}
