package io.flinkmanaged.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.internal.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;

/**
 * A certificate with which a person or a tool may use a cluster's REST interface and web UI for a while.
 *
 * <p>It cannot be taken back before it ends, except by replacing the authority ({@link ClusterCertificates#advance}), which
 * ends all of them: prefer a short one. A connection that is open when it ends is not cut; no new one begins.
 */
public final class AccessGrant {

    private final String name;
    private final Identity identity;
    private final String password;
    private final RestAddress rest;

    AccessGrant(String name, Identity identity, String password, RestAddress rest) {
        this.name = name;
        this.identity = identity;
        this.password = password;
        this.rest = rest;
    }

    /** Returns to whom it was given; the JobManager's operator finds it as the certificate's common name. */
    public String name() {
        return name;
    }

    /** Returns where the cluster's REST interface was when it was given; another epoch has another address. */
    public RestAddress rest() {
        return rest;
    }

    /** Returns from when on it is refused. */
    public Instant expires() {
        return identity.expires();
    }

    /** Returns the private key as PEM, unencrypted: {@code curl --key}, Prometheus {@code key_file}. */
    public String keyPem() {
        return identity.keyPem();
    }

    /** Returns the certificate as PEM: {@code curl --cert}, Prometheus {@code cert_file}. */
    public String certificatePem() {
        return identity.certificatePem();
    }

    /** Returns the authorities that vouch for the cluster as PEM: {@code curl --cacert}, Prometheus {@code ca_file}. */
    public String authorityPem() {
        return identity.trustPem();
    }

    /** Returns key and certificate as PKCS#12, which browsers import; {@link #password()} opens it. */
    public byte[] pkcs12() {
        return identity.keyStore(StoreFormat.PKCS12, password);
    }

    /** Returns the password of the PKCS#12 files: a secret, of this grant alone. */
    public String password() {
        return password;
    }

    /**
     * Writes everything into a directory: {@code key.pem}, {@code certificate.pem}, {@code ca.pem}, {@code grant.p12},
     * {@code trust.p12}, {@code password}, and {@code config.yaml}, with which Flink's command line finds and may use the
     * cluster ({@code FLINK_CONF_DIR=<directory> flink list}). Each has mode 0400 and takes the place of a former grant's.
     *
     * @param directory made with mode 0700 if it is absent
     * @return the directory, absolute
     */
    public Path writeTo(Path directory) {
        Path absolute = directory.toAbsolutePath();
        try {
            Files.createDirectories(
                    absolute, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw PrivateFiles.failure("directory " + absolute, "cannot be made", e);
        }
        Path keys = absolute.resolve("grant.p12");
        Path trust = absolute.resolve("trust.p12");
        PrivateFiles.replace(absolute.resolve("key.pem"), keyPem().getBytes(UTF_8));
        PrivateFiles.replace(
                absolute.resolve("certificate.pem"), certificatePem().getBytes(UTF_8));
        PrivateFiles.replace(absolute.resolve("ca.pem"), authorityPem().getBytes(UTF_8));
        PrivateFiles.replace(keys, pkcs12());
        PrivateFiles.replace(trust, identity.trustStore(StoreFormat.PKCS12, password));
        PrivateFiles.replace(absolute.resolve("password"), password.getBytes(UTF_8));
        String configuration = YamlText.write(RestClientKeys.of(rest, StoreFormat.PKCS12, keys, trust, password));
        PrivateFiles.replace(absolute.resolve("config.yaml"), configuration.getBytes(UTF_8));
        return absolute;
    }

    Identity identity() {
        return identity;
    }

    /** Returns to whom and until when, without key and password. */
    @Override
    public String toString() {
        return "access for " + name + " until " + expires();
    }
}
