package io.flinkmanaged.model;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * Where secrets of some schemes are kept; found by {@link java.util.ServiceLoader}, or given to the builder of a {@code
 * ManagedFlink}. The schemes {@code env} and {@code file} are there without one.
 *
 * <p>Asked on a thread that may block, once a launch and reference. Implementations are thread-safe, remember nothing, and
 * put no secret into an exception.
 */
public interface SecretProvider {

    /** Returns the schemes whose references it resolves, in lower case. */
    Set<String> schemes();

    /**
     * Looks up a secret.
     *
     * @param reference its scheme is one of {@link #schemes()}
     * @return the secret; empty if there is none of that name
     * @throws IOException if that cannot be known now
     */
    Optional<String> find(SecretRef reference) throws IOException;
}
