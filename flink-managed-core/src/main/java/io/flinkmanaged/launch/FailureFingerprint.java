package io.flinkmanaged.launch;

import java.util.List;
import java.util.regex.Pattern;

/**
 * By what two failures are the same: the innermost cause, where it was thrown, and what it says but for what differs each
 * time.
 *
 * @param exception the class of the innermost cause
 * @param message what it says: each number, hexadecimal id and address is a {@code #}; empty if it says nothing
 * @param frame where it was thrown: the first method that is not Java's own, without its line; empty if that is not known
 */
public record FailureFingerprint(String exception, String message, String frame) {

    private static final String CAUSE = "Caused by: ";
    private static final int LONGEST_MESSAGE = 300;

    /** Addresses and ids first: they are made of numbers. A word that only has a digit at its end keeps its letters. */
    private static final List<Pattern> CHANGING = List.of(
            Pattern.compile("@[0-9a-f]{4,}\\b"),
            Pattern.compile("\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b"),
            Pattern.compile("\\b(?=[0-9a-fA-F]*\\d)[0-9a-fA-F]{8,}\\b"),
            Pattern.compile("0x[0-9a-fA-F]+"),
            Pattern.compile("-?\\d+(?:[.:]\\d+)*"));

    private static final Pattern FRAME = Pattern.compile("\\s+at (?:[^/(]+//?)*([^/(]+)\\(.*");
    private static final Pattern OF_JAVA = Pattern.compile("(?:java|javax|jdk|sun|com\\.sun)\\..*");
    private static final Pattern GENERATED =
            Pattern.compile("\\$\\$Lambda[^.]*|\\$\\d+|0x[0-9a-fA-F]+|GeneratedMethodAccessor\\d+");

    /**
     * Reads a stack trace, as Java prints it.
     *
     * @param stackTrace with its causes
     */
    public static FailureFingerprint of(String stackTrace) {
        List<String> lines = stackTrace.lines().toList();
        int root = 0;
        for (int i = 0; i < lines.size(); i++) {
            // Indented, it is the cause of something that was only suppressed.
            if (lines.get(i).startsWith(CAUSE)) {
                root = i;
            }
        }
        String head = lines.isEmpty() ? "" : lines.get(root);
        String text = head.startsWith(CAUSE) ? head.substring(CAUSE.length()) : head;
        int colon = text.indexOf(": ");
        return new FailureFingerprint(
                colon < 0 ? text.strip() : text.substring(0, colon),
                colon < 0 ? "" : normalised(text.substring(colon + 2)),
                frame(lines.subList(Math.min(root + 1, lines.size()), lines.size())));
    }

    private static String normalised(String message) {
        String normalised = message.strip();
        for (Pattern changing : CHANGING) {
            normalised = changing.matcher(normalised).replaceAll("#");
        }
        return normalised.length() <= LONGEST_MESSAGE ? normalised : normalised.substring(0, LONGEST_MESSAGE) + "…";
    }

    private static String frame(List<String> after) {
        return after.stream()
                .takeWhile(line -> !line.startsWith(CAUSE))
                .map(FRAME::matcher)
                .filter(frame ->
                        frame.matches() && !OF_JAVA.matcher(frame.group(1)).matches())
                .findFirst()
                .map(frame -> GENERATED.matcher(frame.group(1)).replaceAll("\\$"))
                .orElse("");
    }

    /** Returns one line for people. */
    @Override
    public String toString() {
        return exception + (message.isEmpty() ? "" : ": " + message) + (frame.isEmpty() ? "" : " (at " + frame + ")");
    }
}
