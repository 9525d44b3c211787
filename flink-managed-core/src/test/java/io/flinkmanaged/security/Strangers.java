package io.flinkmanaged.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** Those whom no port of a cluster may let in. */
public final class Strangers {

    private Strangers() {}

    /** Returns whether a REST interface takes somebody who was granted access, and he it. */
    public static boolean isWelcome(AccessGrant grant, URI rest) throws IOException {
        return Tls.isWelcome(
                rest.getPort(),
                Tls.context(grant.identity().own(), grant.identity().trusted()));
    }

    /**
     * Knocks at internal ports without a certificate, with one of the same names by authorities of the same names, and with a
     * REST user's; then as a node, which is welcome.
     */
    public static void areRefusedAt(
            Collection<Integer> ports, ClusterCertificates ours, Path directory, TimeSource time) throws IOException {
        NodeCertificates own = ours.issue(new NodeId(9), Tls.ADDRESS);
        KeyAndCertificate stranger = ClusterCertificates.open(directory, new ClusterName("flights"), time)
                .issue(new NodeId(1), Tls.ADDRESS)
                .internal()
                .own();
        KeyAndCertificate user = ours.grant("user", java.time.Duration.ofHours(1), new RestAddress(Tls.ADDRESS, 1))
                .identity()
                .own();
        List<java.security.cert.X509Certificate> trusted = own.internal().trusted();
        for (int port : ports) {
            assertThat(Tls.isWelcome(port, Tls.context(null, trusted)))
                    .as("no certificate at %d", port)
                    .isFalse();
            assertThat(Tls.isWelcome(port, Tls.context(stranger, trusted)))
                    .as("a stranger's at %d", port)
                    .isFalse();
            assertThat(Tls.isWelcome(port, Tls.context(user, trusted)))
                    .as("a REST user's at %d", port)
                    .isFalse();
            assertThat(Tls.isWelcome(port, Tls.context(own.internal().own(), trusted)))
                    .as("a node's at %d", port)
                    .isTrue();
        }
    }

    /**
     * Knocks at an internal port that is there for seconds only, without a certificate and with one of the same names by
     * authorities of the same names.
     *
     * @return whether somebody was there to refuse them
     */
    public static boolean areRefusedInPassing(int port, ClusterCertificates ours, Path directory, TimeSource time)
            throws IOException {
        List<java.security.cert.X509Certificate> trusted =
                ours.issue(new NodeId(9), Tls.ADDRESS).internal().trusted();
        KeyAndCertificate stranger = ClusterCertificates.open(directory, new ClusterName("flights"), time)
                .issue(new NodeId(1), Tls.ADDRESS)
                .internal()
                .own();
        try {
            assertThat(Tls.isWelcome(port, Tls.context(null, trusted)))
                    .as("no certificate at %d", port)
                    .isFalse();
            assertThat(Tls.isWelcome(port, Tls.context(stranger, trusted)))
                    .as("a stranger's at %d", port)
                    .isFalse();
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }
}
