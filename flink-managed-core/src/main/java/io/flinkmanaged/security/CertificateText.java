package io.flinkmanaged.security;

import com.google.common.net.InetAddresses;
import io.flinkmanaged.internal.Digests;
import io.flinkmanaged.security.CertificateRequest.Use;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate (RFC 5280) while it is written. BouncyCastle writes it; the JDK signs it, with whatever providers the
 * embedder has: none is added.
 */
final class CertificateText {

    /**
     * The clocks of nodes differ, and a wrong time zone or a jump makes it hours: a certificate holds a while before it was
     * issued, or processes would refuse it until their clocks are as late.
     */
    private static final Duration SKEW = Duration.ofDays(1);

    private final BigInteger serial;
    private final X500Name subject;
    private final KeyPair pair;
    private final ExtensionsGenerator extensions = new ExtensionsGenerator();
    private Instant from = Instant.EPOCH;
    private Instant until = Instant.EPOCH;

    CertificateText(String id, String name, KeyPair pair) {
        this.serial = serialOf(id);
        this.subject =
                new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
        this.pair = pair;
    }

    CertificateText holding(Instant now, Duration lifetime) {
        from = now.minus(SKEW);
        until = now.plus(lifetime);
        return this;
    }

    CertificateText ofAuthority() {
        add(Extension.basicConstraints, true, new BasicConstraints(0));
        add(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
        return this;
    }

    CertificateText of(Collection<Use> uses, List<String> hosts) {
        add(Extension.basicConstraints, true, new BasicConstraints(false));
        add(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        add(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(uses.stream()
                        .sorted()
                        .map(use -> use == Use.SERVER ? KeyPurposeId.id_kp_serverAuth : KeyPurposeId.id_kp_clientAuth)
                        .toArray(KeyPurposeId[]::new)));
        if (!hosts.isEmpty()) {
            add(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(hosts.stream().map(CertificateText::nameOf).toArray(GeneralName[]::new)));
        }
        return this;
    }

    X509Certificate signedByItself() {
        return sign(subject, pair.getPublic(), pair.getPrivate());
    }

    X509Certificate signedBy(KeyAndCertificate issuer) {
        X509Certificate certificate = issuer.certificate();
        return sign(
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
                certificate.getPublicKey(),
                issuer.key());
    }

    private X509Certificate sign(X500Name issuer, PublicKey issuersKey, PrivateKey signingKey) {
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer, serial, Date.from(from), Date.from(until), subject, pair.getPublic());
            add(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(pair.getPublic()));
            add(Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(issuersKey));
            for (ASN1ObjectIdentifier each : extensions.generate().getExtensionOIDs()) {
                builder.addExtension(extensions.generate().getExtension(each));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signingKey)));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("Cannot sign the certificate of " + subject, e);
        }
    }

    private void add(ASN1ObjectIdentifier extension, boolean critical, ASN1Encodable value) {
        try {
            extensions.addExtension(extension, critical, value);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot encode " + extension, e);
        }
    }

    private static GeneralName nameOf(String host) {
        return InetAddresses.isInetAddress(host)
                ? new GeneralName(GeneralName.iPAddress, host)
                : new GeneralName(GeneralName.dNSName, host);
    }

    private static BigInteger serialOf(String id) {
        return new BigInteger(1, Digests.sixteenBytes(List.of(id)));
    }
}
