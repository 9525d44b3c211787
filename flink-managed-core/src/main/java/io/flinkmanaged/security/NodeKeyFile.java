package io.flinkmanaged.security;

/** The files of a node that hold keys and trust, below the node's directory. */
public enum NodeKeyFile {
    /** The node's key for other nodes, as PKCS#12. */
    INTERNAL_KEYS("internal.p12"),
    /** Whom the node trusts as other nodes, as PKCS#12. */
    INTERNAL_TRUST("internal-trust.p12"),
    /**
     * The same key as PEM without a password: ZooKeeper writes every property into its log, and takes that of a password
     * from there only.
     */
    INTERNAL_KEYS_PEM("internal.pem"),
    /** Whom the node trusts as other nodes, as PEM. */
    INTERNAL_TRUST_PEM("internal-trust.pem"),
    /** The key of the node's REST interface, as PKCS#12. */
    REST_KEYS("rest.p12"),
    /** Whose users the node's REST interface trusts, as PKCS#12. */
    REST_TRUST("rest-trust.p12");

    /** The directory of these files, relative to the node's. */
    public static final String DIRECTORY = "tls";

    private final String path;

    NodeKeyFile(String name) {
        this.path = DIRECTORY + "/" + name;
    }

    /** Returns where it lies, relative to the node's directory. */
    public String path() {
        return path;
    }
}
