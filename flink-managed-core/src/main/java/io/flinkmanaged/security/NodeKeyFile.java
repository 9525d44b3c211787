package io.flinkmanaged.security;

/** The files of a node that hold keys and trust, below the node's directory. */
public enum NodeKeyFile {
    /** The node's key for other nodes, as a key store. */
    INTERNAL_KEYS("internal.jks"),
    /** Whom the node trusts as other nodes, as a key store. */
    INTERNAL_TRUST("internal-trust.jks"),
    /**
     * The same key as PEM without a password: ZooKeeper writes every property into its log, and takes that of a password
     * from there only.
     */
    INTERNAL_KEYS_PEM("internal.pem"),
    /** Whom the node trusts as other nodes, as PEM. */
    INTERNAL_TRUST_PEM("internal-trust.pem"),
    /** The key of the node's REST interface, as a key store. */
    REST_KEYS("rest.jks"),
    /** Whose users the node's REST interface trusts, as a key store. */
    REST_TRUST("rest-trust.jks");

    /** The form of the key stores. */
    public static final StoreFormat FORMAT = StoreFormat.JKS;

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
