package io.flinkmanaged.security;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.TimeSource;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;

/**
 * One generation of a cluster's authority for one purpose.
 *
 * <p>Keys are on the curve P-256, from the JDK.
 */
final class CertificateAuthority {

    static final Duration LIFETIME = Duration.ofDays(3650);

    private final KeyAndCertificate own;

    CertificateAuthority(KeyAndCertificate own) {
        this.own = own;
    }

    /** Makes a new authority, which nobody trusts yet. */
    static CertificateAuthority create(ClusterName cluster, Purpose purpose, int generation, TimeSource time) {
        KeyPair pair = newKeyPair();
        X509Certificate certificate = new CertificateText(time.newId(), nameOf(cluster, purpose, generation), pair)
                .holding(time.now(), LIFETIME)
                .ofAuthority()
                .signedByItself();
        return new CertificateAuthority(new KeyAndCertificate(pair.getPrivate(), certificate));
    }

    /** Returns the name in an authority's certificate: another one for each generation, so that chains are found. */
    static String nameOf(ClusterName cluster, Purpose purpose, int generation) {
        return cluster + " " + purpose + " " + generation;
    }

    KeyAndCertificate own() {
        return own;
    }

    X509Certificate certificate() {
        return own.certificate();
    }

    Instant expires() {
        return certificate().getNotAfter().toInstant();
    }

    /** Makes a key pair and vouches for it, at most until this authority expires itself. */
    KeyAndCertificate issue(CertificateRequest request, TimeSource time) {
        KeyPair pair = newKeyPair();
        Duration left = Duration.between(time.now(), expires());
        X509Certificate certificate = new CertificateText(time.newId(), request.name(), pair)
                .holding(time.now(), request.lifetime().compareTo(left) < 0 ? request.lifetime() : left)
                .of(request.uses(), request.hosts())
                .signedBy(own);
        return new KeyAndCertificate(pair.getPrivate(), certificate);
    }

    private static KeyPair newKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no elliptic curve P-256", e);
        }
    }
}
