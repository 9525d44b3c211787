package io.flinkmanaged.security;

/** A file with a private key in it, or with what its owner trusts: for its process alone, so of mode 0400. */
public final class KeyFile {

    private final String path;
    private final byte[] content;

    KeyFile(String path, byte[] content) {
        this.path = path;
        this.content = content.clone();
    }

    /** Returns where it belongs, relative to the directory of its owner. */
    public String path() {
        return path;
    }

    /** Returns its permissions: {@code r--------}. */
    public String mode() {
        return "r--------";
    }

    /** Returns a copy of its content. */
    public byte[] content() {
        return content.clone();
    }

    /** Returns path, mode and length; the content is a secret. */
    @Override
    public String toString() {
        return path + " (" + mode() + ", " + content.length + " bytes)";
    }
}
