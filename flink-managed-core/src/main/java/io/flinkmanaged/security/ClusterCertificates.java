package io.flinkmanaged.security;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.SecretRef;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.security.CertificateRequest.Use;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.KeyGenerator;

/**
 * The certificate authorities of a cluster, one for each {@link Purpose}, and what they issue.
 *
 * <p>Their keys lie in a directory of mode 0700 on the machine of the library, in files of mode 0400, and nowhere else:
 * neither in the journal nor in the state storage. Whoever loses the directory loses no data, but every node needs new
 * certificates at once. Thread-safe; several processes may use the same directory.
 */
public final class ClusterCertificates {

    /** How long a node's certificates hold; they are renewed by a restart after two thirds of it. */
    public static final Duration NODE_LIFETIME = Duration.ofDays(365);

    /** The longest that {@link #grant} gives access for. */
    public static final Duration LONGEST_GRANT = Duration.ofDays(366);

    private static final int PASSWORD_BITS = 256;
    private static final Pattern GRANTEE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    private final Path directory;
    private final ClusterName cluster;
    private final TimeSource time;

    private ClusterCertificates(Path directory, ClusterName cluster, TimeSource time) {
        this.directory = directory;
        this.cluster = cluster;
        this.time = time;
    }

    /**
     * Finds what a cluster has, or makes it, for a launch: no process of the cluster may live, since one that knows another
     * authority refuses what a new one issues. Of several processes that do this at once, one makes it for all; one that is
     * killed meanwhile leaves it whole or absent. May block.
     *
     * @param directory the cluster's own, on this machine; made with its parents if it is absent
     * @param cluster the cluster
     * @param time the time
     * @throws InvalidInputException if a file is damaged, expired, of another cluster, or open to other users
     */
    public static ClusterCertificates open(Path directory, ClusterName cluster, TimeSource time) {
        Path absolute = PrivateFiles.directory(directory.toAbsolutePath());
        ClusterCertificates certificates = new ClusterCertificates(absolute, cluster, time);
        PrivateFiles.createIfAbsent(certificates.passwordFile(), newPassword());
        for (Purpose purpose : Purpose.values()) {
            certificates.authorities(purpose).createIfAbsent();
        }
        return certificates.seen();
    }

    /**
     * Finds what a cluster has of which processes live. May block.
     *
     * @param directory the cluster's own, on this machine
     * @param cluster the cluster
     * @param time the time
     * @throws InvalidInputException as {@link #open}, and if a file is gone: nothing is made in its place
     */
    public static ClusterCertificates find(Path directory, ClusterName cluster, TimeSource time) {
        Path absolute = directory.toAbsolutePath();
        if (Files.exists(absolute)) {
            Path unusedButSeen = PrivateFiles.directory(absolute);
        }
        return new ClusterCertificates(absolute, cluster, time).seen();
    }

    private ClusterCertificates seen() {
        for (Purpose purpose : Purpose.values()) {
            CertificateAuthority unusedButSeen = authorities(purpose).signing();
        }
        String unusedButSeen = password();
        return this;
    }

    /** Returns what the rendering of the nodes needs to know; no secret is in it. */
    public TransportSecurity transport() {
        return new TransportSecurity(SecretRef.file(passwordFile()));
    }

    /**
     * Issues certificates to a node, which hold for {@link #NODE_LIFETIME}. May block.
     *
     * @param node the node
     * @param address the IP address or host name by which others reach it
     */
    public NodeCertificates issue(NodeId node, String address) {
        CertificateRequest internal =
                new CertificateRequest(node.toString(), Set.of(Use.values()), List.of(address), NODE_LIFETIME);
        CertificateRequest rest =
                new CertificateRequest(node.toString(), Set.of(Use.SERVER), List.of(address), NODE_LIFETIME);
        return new NodeCertificates(node, issue(Purpose.INTERNAL, internal), issue(Purpose.REST, rest), password());
    }

    /**
     * Returns how long certificates hold that were issued to a node. May block.
     *
     * @param issued when
     */
    public Validity validityOfNode(Instant issued) {
        Instant expires = issued.plus(NODE_LIFETIME);
        for (Purpose purpose : Purpose.values()) {
            Instant authority = authorities(purpose).signing().expires();
            expires = authority.isBefore(expires) ? authority : expires;
        }
        return new Validity(expires.minus(NODE_LIFETIME.dividedBy(3)), expires);
    }

    /**
     * Gives somebody access to the cluster's REST interface and web UI. May block.
     *
     * @param name who: 1..64 letters, digits and {@code . _ @ -}; it is in the certificate for people to see
     * @param lifetime from now: a second to {@link #LONGEST_GRANT}, whole seconds count
     * @param rest where the interface is
     * @throws InvalidInputException if one of them is anything else
     */
    public AccessGrant grant(String name, Duration lifetime, RestAddress rest) {
        if (!GRANTEE.matcher(name).matches()) {
            throw InvalidInputException.of(
                    "name of a grant",
                    "\"" + name + "\"",
                    "1..64 letters, digits and . _ @ -, beginning with a letter or digit",
                    "Name the person or tool, such as \"grafana\".");
        }
        if (lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(LONGEST_GRANT) > 0) {
            throw InvalidInputException.of(
                    "lifetime of the grant for " + name,
                    lifetime,
                    "PT1S to " + LONGEST_GRANT,
                    "Prefer a short one, and grant again: it cannot be taken back.");
        }
        return new AccessGrant(
                name,
                issue(Purpose.REST, new CertificateRequest(name, Set.of(Use.CLIENT), List.of(), lifetime)),
                newPassword(),
                rest);
    }

    /**
     * Issues a certificate to the library itself, for the REST interface, and writes it where Flink's client reads it. May
     * block.
     *
     * @return it holds for {@link #NODE_LIFETIME}
     */
    public RestClientIdentity restClient() {
        return new RestClientIdentity(issue(Purpose.REST, ofLibrary()), clientDirectory(), password());
    }

    /**
     * Issues a certificate to the library itself, for ZooKeeper, and writes it where ZooKeeper's client reads it. May block.
     *
     * @return it holds for {@link #NODE_LIFETIME}
     */
    public ZooKeeperClientIdentity zooKeeperClient() {
        return new ZooKeeperClientIdentity(issue(Purpose.INTERNAL, ofLibrary()), clientDirectory());
    }

    private static CertificateRequest ofLibrary() {
        return new CertificateRequest("flink-managed", Set.of(Use.CLIENT), List.of(), NODE_LIFETIME);
    }

    private Path clientDirectory() {
        return PrivateFiles.directory(directory.resolve("client"));
    }

    /**
     * Returns when a certificate authority should be replaced: after two thirds of its life of ten years.
     *
     * @param purpose which
     */
    public Instant renewAuthorityAt(Purpose purpose) {
        return authorities(purpose).signing().expires().minus(CertificateAuthority.LIFETIME.dividedBy(3));
    }

    /**
     * Returns how far the replacement of an authority has come.
     *
     * @param purpose which
     */
    public Rotation rotation(Purpose purpose) {
        return authorities(purpose).rotation();
    }

    /**
     * Takes the next step of the replacement of an authority. Before it, every node must have been restarted with
     * certificates issued in the present state. {@link Rotation#SETTLED} → {@link Rotation#INTRODUCED} →
     * {@link Rotation#SWITCHED} → {@link Rotation#SETTLED}; the last step ends every grant of the old authority.
     *
     * @param purpose which
     * @param from the state that the caller saw; if it is not the present one, somebody took the step already, and
     *     nothing happens
     * @return the state afterwards
     */
    public Rotation advance(Purpose purpose, Rotation from) {
        return authorities(purpose).advance(from);
    }

    /** Returns how far the replacement of all authorities has come together. */
    public Rotation rotation() {
        return rotation(Purpose.REST);
    }

    /**
     * Takes the next step of the replacement of all authorities, as {@link #advance(Purpose, Rotation)}. One that was
     * interrupted between two authorities is completed.
     *
     * @return the state afterwards
     */
    public Rotation advance() {
        // The last one to be advanced: if another one differs, it has had this step already.
        Rotation from = rotation();
        for (Purpose purpose : Purpose.values()) {
            if (purpose != Purpose.REST && rotation(purpose) == from) {
                Rotation unused = advance(purpose, from);
            }
        }
        return advance(Purpose.REST, from);
    }

    private Identity issue(Purpose purpose, CertificateRequest request) {
        return Identity.issuedBy(authorities(purpose), request, time);
    }

    private Authorities authorities(Purpose purpose) {
        return new Authorities(directory, cluster, purpose, time);
    }

    private String password() {
        PrivateFiles.requireStillThere("password of the key stores", passwordFile());
        return PrivateFiles.read(passwordFile());
    }

    private Path passwordFile() {
        return directory.resolve("key-store-password");
    }

    private static String newPassword() {
        try {
            KeyGenerator generator = KeyGenerator.getInstance("AES");
            generator.init(PASSWORD_BITS);
            return HexFormat.of().formatHex(generator.generateKey().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has AES.", e);
        }
    }
}
