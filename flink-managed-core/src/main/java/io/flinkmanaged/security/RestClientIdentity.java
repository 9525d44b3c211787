package io.flinkmanaged.security;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.flink.configuration.Configuration;

/** Who the library itself is where it speaks REST to a cluster. */
public final class RestClientIdentity {

    private static final StoreFormat FORMAT = NodeKeyFile.FORMAT;

    private final Identity identity;
    private final Path keys;
    private final Path trust;
    private final String password;

    RestClientIdentity(Identity identity, Path directory, String password) {
        this.identity = identity;
        this.password = password;
        this.keys = directory.resolve("client.jks");
        this.trust = directory.resolve("client-trust.jks");
        PrivateFiles.replace(keys, identity.keyStore(FORMAT, password));
        PrivateFiles.replace(trust, identity.trustStore(FORMAT, password));
    }

    /**
     * Returns what Flink's {@code RestClusterClient} needs, as a new configuration. It holds a password: it is for Flink
     * alone.
     *
     * @param address the cluster's REST interface
     */
    public Configuration toFlink(RestAddress address) {
        return Configuration.fromMap(RestClientKeys.of(address, FORMAT, keys, trust, password));
    }

    /** Returns a new context for other clients; connections of {@code https} verify the host's name by themselves. */
    public SSLContext sslContext() {
        return sslContextOf(identity);
    }

    /**
     * Returns whether to ask for a new one, and to make new clients with it: in the last third of its life, and if it was issued
     * by a clock that was ahead and has been set back since.
     *
     * @param now the time
     */
    public boolean isDue(Instant now) {
        return identity.isDue(now);
    }

    /** Returns until when it holds, without the key. */
    @Override
    public String toString() {
        return "REST client of the library until " + identity.expires();
    }

    static SSLContext sslContextOf(Identity identity) {
        // Never written: any text will do.
        String password = "memory";
        try {
            KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(FORMAT.read(identity.keyStore(FORMAT, password), password), password.toCharArray());
            TrustManagerFactory trustManagers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trustManagers.init(FORMAT.read(identity.trustStore(FORMAT, password), password));
            SSLContext context = SSLContext.getInstance(TransportSecurity.PROTOCOL);
            context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("This Java cannot speak " + TransportSecurity.PROTOCOL, e);
        }
    }
}
