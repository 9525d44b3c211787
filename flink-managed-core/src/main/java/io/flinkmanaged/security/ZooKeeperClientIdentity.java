package io.flinkmanaged.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Instant;
import javax.net.ssl.SSLContext;

/** Who the library itself is where it speaks to a cluster's ZooKeeper peers. */
public final class ZooKeeperClientIdentity {

    private final Identity identity;
    private final Path keys;
    private final Path trust;

    ZooKeeperClientIdentity(Identity identity, Path directory) {
        this.identity = identity;
        this.keys = directory.resolve("zookeeper.pem");
        this.trust = directory.resolve("zookeeper-trust.pem");
        PrivateFiles.replace(keys, (identity.keyPem() + identity.certificatePem()).getBytes(UTF_8));
        PrivateFiles.replace(trust, identity.trustPem().getBytes(UTF_8));
    }

    /** Returns the file with its key and certificate as PEM, which needs no password. */
    public Path keys() {
        return keys;
    }

    /** Returns the file with the authorities that vouch for the cluster's peers as PEM. */
    public Path trust() {
        return trust;
    }

    /** Returns a new context for other clients than ZooKeeper's own. */
    public SSLContext sslContext() {
        return RestClientIdentity.sslContextOf(identity);
    }

    /**
     * Returns whether to ask for a new one, and to connect anew with it, as {@link RestClientIdentity#isDue}.
     *
     * @param now the time
     */
    public boolean isDue(Instant now) {
        return identity.isDue(now);
    }

    /** Returns until when it holds, without the key. */
    @Override
    public String toString() {
        return "ZooKeeper client of the library until " + identity.expires();
    }
}
