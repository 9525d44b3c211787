package io.flinkmanaged.render;

import io.flinkmanaged.model.SecretRef;
import java.util.function.UnaryOperator;

/**
 * A file of a node.
 *
 * @param path where, relative to the node's directory
 * @param mode its permissions, such as {@code r--------}
 * @param text its content
 */
public record RenderedFile(String path, String mode, String text) {

    /** Only its process may read it: it may hold a secret. */
    public static final String PRIVATE = "r--------";

    /**
     * Returns the file as it is written for its process: with secrets in the place of what refers to them.
     *
     * @param resolve returns the secret of a text such as {@code ${secret:env:PASSWORD}}
     */
    public RenderedFile resolved(UnaryOperator<String> resolve) {
        String resolved = text;
        for (SecretRef reference : SecretRef.in(text)) {
            String written = reference.toString();
            resolved = resolved.replace(written, FlinkYaml.escaped(resolve.apply(written)));
        }
        return new RenderedFile(path, mode, resolved);
    }

    /** Returns path and mode; the content may hold a secret. */
    @Override
    public String toString() {
        return path + " (" + mode + ", " + text.length() + " characters)";
    }
}
