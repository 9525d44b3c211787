package io.flinkmanaged.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a secret is to be had, in the place of the secret itself: it may be written down, logged and compared.
 *
 * <p>Its text, such as <code>${secret:env:S3_SECRET_KEY}</code> or <code>${secret:file:/run/secrets/s3}</code>, stands
 * in a spec wherever a value may stand: alone, or within a longer value. It is resolved when a cluster is launched, for
 * Flink alone.
 *
 * @param scheme says which {@link SecretProvider} has it: a letter, then letters, digits, {@code +}, {@code -} and
 *     {@code .}
 * @param name what the provider calls it; not empty, without <code>}</code> and control characters
 */
public record SecretRef(String scheme, String name) {

    /** What every reference begins with. */
    private static final String BEGIN = "${secret:";

    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");
    private static final Pattern NAME = Pattern.compile("[^}\\p{Cntrl}]+");
    private static final Pattern TEXT = Pattern.compile("\\$\\{secret:([a-z][a-z0-9+.-]*):([^}\\p{Cntrl}]+)}");

    /** Refuses what could not be written as text and read back. */
    public SecretRef {
        scheme = scheme.toLowerCase(Locale.ROOT);
        if (!SCHEME.matcher(scheme).matches() || !NAME.matcher(name).matches()) {
            throw InvalidInputException.of(
                    "secret reference",
                    BEGIN + scheme + ":" + name + "}",
                    "a scheme and a name without } and control characters",
                    "Write ${secret:env:NAME}, ${secret:file:/path}, or the scheme of a SecretProvider.");
        }
    }

    /**
     * Returns a reference to a variable of the environment of the process that launches.
     *
     * @param variable its name
     */
    public static SecretRef env(String variable) {
        return new SecretRef("env", variable);
    }

    /**
     * Returns a reference to the content of a file, read by the process that launches; one line break at its end is not
     * part of it.
     *
     * @param file an absolute path
     */
    public static SecretRef file(Path file) {
        return new SecretRef("file", file.toAbsolutePath().toString());
    }

    /**
     * Reads a text that is a reference and nothing else.
     *
     * @param text such as <code>${secret:env:NAME}</code>
     * @return the reference; empty if the text is anything else
     */
    public static Optional<SecretRef> parse(String text) {
        Matcher whole = TEXT.matcher(text);
        return whole.matches() ? Optional.of(new SecretRef(whole.group(1), whole.group(2))) : Optional.empty();
    }

    /**
     * Returns the references within a text.
     *
     * @param text any value
     * @return in the order of the text; empty if there is none
     */
    public static List<SecretRef> in(String text) {
        List<SecretRef> found = new ArrayList<>();
        if (text.contains(BEGIN)) {
            TEXT.matcher(text).results().forEach(one -> found.add(new SecretRef(one.group(1), one.group(2))));
        }
        return List.copyOf(found);
    }

    /**
     * Returns whether a text begins a reference somewhere that is none: a slip of the pen, which would be taken
     * literally.
     *
     * @param text any value
     */
    public static boolean isMalformedIn(String text) {
        return text.contains(BEGIN) && TEXT.matcher(text).replaceAll("").contains(BEGIN);
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return BEGIN + scheme + ":" + name + "}";
    }
}
