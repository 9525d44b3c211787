package io.flinkmanaged.security;

import io.flinkmanaged.model.TimeSource;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Who somebody is and whom he trusts, in the forms that programs read.
 *
 * @param own key and certificate
 * @param trusted the authorities whose certificates he accepts
 */
record Identity(KeyAndCertificate own, List<X509Certificate> trusted) {

    Identity {
        trusted = List.copyOf(trusted);
    }

    static Identity issuedBy(Authorities authorities, CertificateRequest request, TimeSource time) {
        return new Identity(authorities.signing().issue(request, time), authorities.trusted());
    }

    Instant expires() {
        return own.certificate().getNotAfter().toInstant();
    }

    /** After two thirds of its life: the last third is for whoever has to arrange a restart. */
    Instant renewAt() {
        Duration life = Duration.between(own.certificate().getNotBefore().toInstant(), expires());
        return expires().minus(life.dividedBy(3));
    }

    /**
     * Returns whether somebody who needs no restart should get another one: it is time to, or it does not hold yet, because it
     * was issued while the clock was ahead.
     */
    boolean isDue(Instant now) {
        return !renewAt().isAfter(now)
                || now.isBefore(own.certificate().getNotBefore().toInstant());
    }

    String keyPem() {
        return Pem.of(own.key());
    }

    String certificatePem() {
        return Pem.of(own.certificate());
    }

    String trustPem() {
        return Pem.of(trusted);
    }

    byte[] keyStore(StoreFormat format, String password) {
        return format.write(
                password,
                store -> store.setKeyEntry(
                        "key", own.key(), password.toCharArray(), new X509Certificate[] {own.certificate()}));
    }

    byte[] trustStore(StoreFormat format, String password) {
        return format.write(password, store -> {
            for (int i = 0; i < trusted.size(); i++) {
                store.setCertificateEntry("authority-" + (i + 1), trusted.get(i));
            }
        });
    }
}
