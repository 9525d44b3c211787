package io.flinkmanaged.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/** Keys and certificates as text (RFC 7468). */
final class Pem {

    private static final String KEY = "PRIVATE KEY";
    private static final String CERTIFICATE = "CERTIFICATE";

    private Pem() {}

    static String of(PrivateKey key) {
        return write(KEY, key.getEncoded());
    }

    static String of(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        certificates.forEach(certificate -> text.append(of(certificate)));
        return text.toString();
    }

    static String of(X509Certificate certificate) {
        try {
            return write(CERTIFICATE, certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A certificate without an encoding", e);
        }
    }

    /** Reads a key of an elliptic curve, followed by its certificate. */
    static KeyAndCertificate read(String text) throws IOException, GeneralSecurityException {
        try (PemReader reader = new PemReader(new StringReader(text))) {
            PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(next(reader, KEY)));
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(next(reader, CERTIFICATE)));
            return new KeyAndCertificate(key, certificate);
        } catch (IllegalArgumentException e) {
            throw new IOException("not PEM: " + e.getMessage(), e);
        }
    }

    private static byte[] next(PemReader reader, String type) throws IOException {
        PemObject object = reader.readPemObject();
        if (object == null || !object.getType().equals(type)) {
            throw new IOException("has no " + type + " where one is expected");
        }
        return object.getContent();
    }

    private static String write(String type, byte[] content) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
