package io.flinkmanaged.security;

import static io.flinkmanaged.security.NodeKeyFile.FORMAT;
import static io.flinkmanaged.security.NodeKeyFile.INTERNAL_KEYS;
import static io.flinkmanaged.security.NodeKeyFile.INTERNAL_KEYS_PEM;
import static io.flinkmanaged.security.NodeKeyFile.INTERNAL_TRUST;
import static io.flinkmanaged.security.NodeKeyFile.INTERNAL_TRUST_PEM;
import static io.flinkmanaged.security.NodeKeyFile.REST_KEYS;
import static io.flinkmanaged.security.NodeKeyFile.REST_TRUST;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.model.NodeId;
import java.time.Instant;
import java.util.List;

/**
 * What one node shows to others and whom it trusts. A node that is placed again may get new ones: what counts is who issued
 * them.
 */
public final class NodeCertificates {

    private final NodeId node;
    private final Identity internal;
    private final Identity rest;
    private final List<KeyFile> files;

    NodeCertificates(NodeId node, Identity internal, Identity rest, String password) {
        this.node = node;
        this.internal = internal;
        this.rest = rest;
        this.files = List.of(
                file(INTERNAL_KEYS, internal.keyStore(FORMAT, password)),
                file(INTERNAL_TRUST, internal.trustStore(FORMAT, password)),
                file(INTERNAL_KEYS_PEM, (internal.keyPem() + internal.certificatePem()).getBytes(UTF_8)),
                file(INTERNAL_TRUST_PEM, internal.trustPem().getBytes(UTF_8)),
                file(REST_KEYS, rest.keyStore(FORMAT, password)),
                file(REST_TRUST, rest.trustStore(FORMAT, password)));
    }

    /** Returns whose they are. */
    public NodeId node() {
        return node;
    }

    /** Returns the files to be put below the node's directory before its processes start; {@link NodeKeyFile} names them. */
    public List<KeyFile> files() {
        return files;
    }

    /** Returns when the first of them ends. From then on the node is refused by the others. */
    public Instant expires() {
        return internal.expires().isBefore(rest.expires()) ? internal.expires() : rest.expires();
    }

    /** Returns when the node should be restarted with new ones: after two thirds of their life. */
    public Instant renewAt() {
        return internal.renewAt().isBefore(rest.renewAt()) ? internal.renewAt() : rest.renewAt();
    }

    Identity internal() {
        return internal;
    }

    Identity rest() {
        return rest;
    }

    /** Returns whose they are and until when, without keys. */
    @Override
    public String toString() {
        return "certificates of " + node + " until " + expires();
    }

    private static KeyFile file(NodeKeyFile which, byte[] content) {
        return new KeyFile(which.path(), content);
    }
}
