package io.flinkmanaged.security;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import javax.security.auth.x500.X500Principal;

/**
 * The file of one generation of an authority: its key and its certificate, in one file, so that there is never one without
 * the other.
 *
 * @param path where; its directory is private
 * @param cluster whose authority
 * @param purpose what for
 * @param generation counts from 1
 */
record AuthorityFile(Path path, ClusterName cluster, Purpose purpose, int generation) {

    private static final String REPLACED =
            "Restore it from a copy. Without one, terminate the cluster, delete the file and launch again: a new "
                    + "authority is made, whose certificates the running nodes would not accept.";

    static AuthorityFile in(Path directory, ClusterName cluster, Purpose purpose, int generation) {
        return new AuthorityFile(directory.resolve(purpose + "-" + generation + ".pem"), cluster, purpose, generation);
    }

    boolean exists() {
        return Files.exists(path);
    }

    /** Makes the authority unless it is there: of several processes that try at once, one's key is everybody's. */
    void createIfAbsent(TimeSource time) {
        if (!exists()) {
            KeyAndCertificate own = CertificateAuthority.create(cluster, purpose, generation, time)
                    .own();
            PrivateFiles.createIfAbsent(path, Pem.of(own.key()) + Pem.of(own.certificate()));
        }
    }

    /** Reads the authority, and believes nothing of it unseen. */
    CertificateAuthority read() {
        String text = PrivateFiles.read(path);
        KeyAndCertificate own;
        try {
            own = Pem.read(text);
            own.certificate().verify(own.certificate().getPublicKey());
            requireMatch(own.key(), own.certificate());
        } catch (IOException | GeneralSecurityException e) {
            throw InvalidInputException.of(
                            "certificate authority " + path,
                            "damaged: " + e.getMessage(),
                            "a private key and the certificate that belongs to it",
                            REPLACED)
                    .because(e);
        }
        requireOurs(own.certificate());
        return new CertificateAuthority(own);
    }

    private static void requireMatch(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        byte[] text = certificate.getTBSCertificate();
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(text);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("the key is not that of the certificate");
        }
    }

    private void requireOurs(X509Certificate certificate) {
        X500Principal expected = new X500Principal("CN=" + CertificateAuthority.nameOf(cluster, purpose, generation));
        if (!certificate.getSubjectX500Principal().equals(expected) || certificate.getBasicConstraints() < 0) {
            throw InvalidInputException.of(
                    "certificate authority " + path,
                    "that of \"" + certificate.getSubjectX500Principal().getName() + "\"",
                    "that of \"" + expected.getName() + "\"",
                    REPLACED);
        }
    }
}
