package io.flinkmanaged.security;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/**
 * A private key and the certificate of its public half.
 *
 * @param key the secret part
 * @param certificate the part that is shown to everybody
 */
record KeyAndCertificate(PrivateKey key, X509Certificate certificate) {

    /** Returns whose it is, without the key. */
    @Override
    public String toString() {
        return certificate.getSubjectX500Principal().getName() + " until "
                + certificate.getNotAfter().toInstant();
    }
}
