package io.flinkmanaged.security;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.SecretRef;
import java.nio.file.Path;

/**
 * That a cluster's processes speak TLS, with the files of {@link NodeKeyFile} in each node's directory.
 *
 * @param keyStorePassword where the password of the PKCS#12 files is to be had when a node's configuration is written
 */
public record TransportSecurity(SecretRef keyStorePassword) {

    /** Every process is of one Flink version and one Java, so nothing older needs to be understood. */
    public static final String PROTOCOL = "TLSv1.3";

    /** What {@link #PROTOCOL} has and every Java 17 brings. */
    public static final String CIPHERS = "TLS_AES_128_GCM_SHA256,TLS_AES_256_GCM_SHA384";

    /**
     * Returns one made of names, to explain a cluster that is not launched.
     *
     * @param cluster its name
     */
    public static TransportSecurity symbolic(ClusterName cluster) {
        return new TransportSecurity(SecretRef.file(
                Path.of("/var/lib/flink-managed").resolve(cluster.value()).resolve("security/key-store-password")));
    }
}
