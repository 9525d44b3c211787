package io.flinkmanaged.internal;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Throwables as they travel through futures. */
public final class Failures {

    private static final int LONGEST = 300;

    private Failures() {}

    /**
     * Returns what really happened, without the wrappers that futures put around it.
     *
     * @param failure what a future threw
     */
    public static Throwable unwrap(Throwable failure) {
        Throwable current = failure;
        while ((current instanceof CompletionException || current instanceof ExecutionException)
                && current.getCause() != null) {
            current = current.getCause();
        }
        return current;
    }

    /**
     * Returns the innermost cause as one line for people.
     *
     * @param failure any failure
     */
    public static String rootCause(Throwable failure) {
        Throwable current = failure;
        while (current.getCause() != null && current.getCause() != current) {
            current = current.getCause();
        }
        String message = current.getMessage();
        String text = current.getClass().getSimpleName() + (message == null ? "" : ": " + message);
        String line = text.lines().findFirst().orElse(text).strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
