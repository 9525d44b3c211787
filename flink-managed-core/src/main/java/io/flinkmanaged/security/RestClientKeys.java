package io.flinkmanaged.security;

import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** What Flink's own REST client is told, so that it shows a certificate and talks to nobody but the cluster. */
final class RestClientKeys {

    private RestClientKeys() {}

    static SortedMap<String, String> of(
            RestAddress address, StoreFormat format, Path keys, Path trust, String password) {
        SortedMap<String, String> configuration = new TreeMap<>();
        configuration.put("rest.address", address.host());
        configuration.put("rest.port", Integer.toString(address.port()));
        configuration.put("security.ssl.protocol", TransportSecurity.PROTOCOL);
        configuration.put("security.ssl.algorithms", TransportSecurity.CIPHERS);
        configuration.put("security.ssl.rest.enabled", "true");
        configuration.put("security.ssl.rest.authentication-enabled", "true");
        // Flink's RestClusterClient gives its TLS engine no host, so that nothing matches it. The authority vouches for
        // the
        // nodes of this cluster only.
        configuration.put("security.ssl.rest.verify-hostname", "false");
        configuration.put("security.ssl.rest.keystore", keys.toAbsolutePath().toString());
        configuration.put("security.ssl.rest.keystore-type", format.name());
        configuration.put("security.ssl.rest.keystore-password", password);
        configuration.put("security.ssl.rest.key-password", password);
        configuration.put("security.ssl.rest.truststore", trust.toAbsolutePath().toString());
        configuration.put("security.ssl.rest.truststore-type", format.name());
        configuration.put("security.ssl.rest.truststore-password", password);
        return configuration;
    }
}
