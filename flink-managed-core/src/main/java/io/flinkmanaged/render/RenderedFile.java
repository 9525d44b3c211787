package io.flinkmanaged.render;

/**
 * A file of a node.
 *
 * @param path where, relative to the node's directory
 * @param mode its permissions, such as {@code r--------}
 * @param text its content
 */
public record RenderedFile(String path, String mode, String text) {

    /** Only its process may read it: it may hold a secret. */
    static final String PRIVATE = "r--------";

    /** Returns path and mode; the content may hold a secret. */
    @Override
    public String toString() {
        return path + " (" + mode + ", " + text.length() + " characters)";
    }
}
