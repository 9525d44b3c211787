package io.flinkmanaged.testkit;

/** Arrays of bytes. */
final class Bytes {

    private Bytes() {}

    static byte[] concatenated(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** Returns where a pattern begins at or after a position, or -1. */
    static int indexOf(byte[] bytes, byte[] pattern, int from) {
        for (int at = from; at <= bytes.length - pattern.length; at++) {
            int same = 0;
            while (same < pattern.length && bytes[at + same] == pattern[same]) {
                same++;
            }
            if (same == pattern.length) {
                return at;
            }
        }
        return -1;
    }
}
