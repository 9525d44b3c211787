package io.flinkmanaged.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hides resolved secrets, by their values, in every text that this library produces.
 *
 * <p>Global to the JVM, because what hides is an exception, a finding or an event, and none of them knows whose text it
 * carries: Flink quotes configuration values in its own exceptions. A secret is remembered from its resolution until the
 * {@link Secrets} that resolved it are closed. Thread-safe.
 */
public final class Redaction {

    /** Stands for what is not shown. */
    public static final String HIDDEN = "…";

    /** Shorter ones are hidden only where they stand alone: a secret of one letter would hide every text. */
    private static final int SHORT = 4;

    private static final int LINE = 8;

    private static final Map<String, Integer> REMEMBERED = new HashMap<>();
    private static volatile List<Pattern> hidden = List.of();

    private Redaction() {}

    static synchronized void remember(String secret) {
        REMEMBERED.merge(secret, 1, Integer::sum);
        hidden = patterns();
    }

    static synchronized void forget(String secret) {
        REMEMBERED.computeIfPresent(secret, (key, times) -> times == 1 ? null : times - 1);
        hidden = patterns();
    }

    /**
     * Returns a text without secrets.
     *
     * @param text any text
     */
    public static String hide(String text) {
        String shown = text;
        for (Pattern pattern : hidden) {
            shown = pattern.matcher(shown).replaceAll(Matcher.quoteReplacement(HIDDEN));
        }
        return shown;
    }

    /**
     * Returns whether a text has a secret in it.
     *
     * @param text any text
     */
    public static boolean isNeededFor(String text) {
        return hidden.stream().anyMatch(pattern -> pattern.matcher(text).find());
    }

    /**
     * Returns a cause without secrets: itself, or a copy with the same stack traces if a message in it has one.
     *
     * @param cause any failure, or {@code null}
     */
    public static @Nullable Throwable hideIn(@Nullable Throwable cause) {
        return cause == null
                        || hidden.isEmpty()
                        || !isNeededFor(cause, Collections.newSetFromMap(new IdentityHashMap<>()))
                ? cause
                : new RedactedFailure(cause);
    }

    private static boolean isNeededFor(@Nullable Throwable failure, Set<Throwable> seen) {
        if (failure == null || !seen.add(failure)) {
            return false;
        }
        if (isNeededFor(failure.toString()) || isNeededFor(failure.getCause(), seen)) {
            return true;
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            if (isNeededFor(suppressed, seen)) {
                return true;
            }
        }
        return false;
    }

    /** The longest first: one secret may be a part of another. */
    private static List<Pattern> patterns() {
        Set<String> forms = new HashSet<>();
        REMEMBERED.keySet().forEach(secret -> addForms(forms, secret));
        return forms.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Redaction::pattern)
                .toList();
    }

    /** As it is, as it stands in a URL, in Base64 and in JSON or YAML, and line by line. */
    private static void addForms(Set<String> forms, String secret) {
        forms.add(secret);
        forms.add(URLEncoder.encode(secret, UTF_8));
        forms.add(Base64.getEncoder().encodeToString(secret.getBytes(UTF_8)));
        forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
        secret.lines().map(String::strip).filter(line -> line.length() >= LINE).forEach(forms::add);
    }

    private static Pattern pattern(String form) {
        String literal = Pattern.quote(form);
        return Pattern.compile(
                form.length() < SHORT ? "(?<![\\p{L}\\p{N}])" + literal + "(?![\\p{L}\\p{N}])" : literal);
    }
}
