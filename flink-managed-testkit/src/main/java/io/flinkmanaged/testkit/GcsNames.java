package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.regex.Pattern;

/** What Google lets a bucket and an object be called (its pages "Bucket names" and "Object naming requirements"). */
final class GcsNames {

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]");
    private static final Pattern ADDRESS = Pattern.compile("\\d+(\\.\\d+){3}");
    private static final int MOST_BETWEEN_DOTS = 63;
    private static final int MOST_BYTES = 1024;

    private GcsNames() {}

    static void requireBucket(String name) {
        boolean valid = BUCKET.matcher(name).matches()
                && !ADDRESS.matcher(name).matches()
                && !name.startsWith("goog")
                && !name.contains("google")
                && Arrays.stream(name.split("\\.", -1))
                        .allMatch(part -> !part.isEmpty() && part.length() <= MOST_BETWEEN_DOTS);
        if (!valid) {
            throw GcsRefusal.invalid("Invalid bucket name: '" + name + "'");
        }
    }

    static void requireObject(String name) {
        if (name.isEmpty()) {
            throw new GcsRefusal(400, "required", "Required");
        }
        if (name.getBytes(UTF_8).length > MOST_BYTES) {
            throw GcsRefusal.invalid("The maximum object length is " + MOST_BYTES + " characters.");
        }
        boolean reserved = name.equals(".") || name.equals("..") || name.startsWith(".well-known/acme-challenge/");
        if (reserved || name.contains("\r") || name.contains("\n")) {
            throw GcsRefusal.invalid("Disallowed unicode characters or a reserved word in the object name.");
        }
    }
}
