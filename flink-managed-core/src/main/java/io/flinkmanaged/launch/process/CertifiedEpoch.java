package io.flinkmanaged.launch.process;

import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.render.ProcessPlacement;
import io.flinkmanaged.security.AccessGrant;
import io.flinkmanaged.security.ClusterCertificates;
import io.flinkmanaged.security.KeyFile;
import io.flinkmanaged.security.RestAddress;
import io.flinkmanaged.security.RestClientIdentity;
import io.flinkmanaged.security.Rotation;
import io.flinkmanaged.security.Validity;
import io.flinkmanaged.security.ZooKeeperClientIdentity;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.flink.configuration.Configuration;

/** Everybody shows a certificate of the cluster's own authorities, this library too. */
final class CertifiedEpoch implements EpochSecurity {

    private final ClusterCertificates certificates;
    private volatile RestClientIdentity restClient;
    private volatile ZooKeeperClientIdentity zooKeeperClient;

    CertifiedEpoch(ClusterCertificates certificates) {
        this.certificates = certificates;
        this.restClient = certificates.restClient();
        this.zooKeeperClient = certificates.zooKeeperClient();
    }

    @Override
    public ProcessPlacement secured(ProcessPlacement placement) {
        return placement.secured(certificates.transport());
    }

    @Override
    public List<KeyFile> keysOf(NodePlacement node) {
        return certificates.issue(node.node(), node.address()).files();
    }

    /** A node's keys are issued anew before each start of a process of it. */
    @Override
    public Optional<Validity> validityOf(Instant read) {
        return Optional.of(certificates.validityOfNode(read));
    }

    @Override
    public String restScheme() {
        return "https";
    }

    @Override
    public Configuration restClient(URI rest) {
        return restClient.toFlink(addressOf(rest));
    }

    @Override
    public Optional<SSLContext> restContext() {
        return Optional.of(restClient.sslContext());
    }

    @Override
    public Optional<AccessGrant> grant(String name, Duration lifetime, URI rest) {
        return Optional.of(certificates.grant(name, lifetime, addressOf(rest)));
    }

    @Override
    public Optional<Rotation> rotation() {
        return Optional.of(certificates.rotation());
    }

    @Override
    public Rotation advanceRotation() {
        Rotation state = certificates.advance();
        renewLibrary();
        return state;
    }

    @Override
    public boolean isLibraryDue(Instant now) {
        return restClient.isDue(now) || zooKeeperClient.isDue(now);
    }

    @Override
    public void renewLibrary() {
        restClient = certificates.restClient();
        zooKeeperClient = certificates.zooKeeperClient();
    }

    @Override
    public Optional<ZooKeeperClientIdentity> zooKeeperClient() {
        return Optional.of(zooKeeperClient);
    }

    private static RestAddress addressOf(URI rest) {
        return new RestAddress(rest.getHost(), rest.getPort());
    }
}
