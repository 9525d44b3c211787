package io.flinkmanaged.journal;

import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The form of a record's name and the size of its text, the same for every journal. */
public final class JournalKeys {

    private static final String SEGMENT = "[a-z0-9_-][a-z0-9._-]*";
    private static final Pattern FORM = Pattern.compile(SEGMENT + "(/" + SEGMENT + ")*");

    private static final int MOST_BYTES = 1 << 20;

    private JournalKeys() {}

    /**
     * Returns the name if it has the right form.
     *
     * @param key a record's name
     * @return the same
     * @throws InvalidInputException otherwise
     */
    public static String check(String key) {
        if (!FORM.matcher(key).matches()) {
            throw InvalidInputException.of(
                    "journal key",
                    "\"" + key + "\"",
                    "segments of a-z 0-9 . _ -, separated by /, none beginning with a dot",
                    "Name records as in \"clusters/flights\".");
        }
        return key;
    }

    /**
     * Returns the text if it is small enough to be a record.
     *
     * @param key the record's name
     * @param text its text
     * @return the same text
     * @throws JournalException if it has more than 1 MiB as UTF-8
     */
    public static String checkSize(String key, String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            throw new JournalException(
                    Code.JOURNAL,
                    "journal record " + key + ": " + bytes + " bytes (expected: at most 1 MiB). "
                            + "Keep large things in state storage.",
                    null);
        }
        return text;
    }
}
