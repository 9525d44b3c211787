package io.flinkmanaged.security;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a certificate is to say.
 *
 * @param name whose it is; its common name, so at most 64 characters
 * @param uses at which ends of a connection it holds
 * @param hosts IP addresses and host names at which its owner is reached
 * @param lifetime how long it holds from now
 */
record CertificateRequest(String name, Set<Use> uses, List<String> hosts, Duration lifetime) {

    /** An end of a connection. */
    enum Use {
        SERVER,
        CLIENT
    }

    CertificateRequest {
        uses = Set.copyOf(uses);
        hosts = List.copyOf(hosts);
    }
}
