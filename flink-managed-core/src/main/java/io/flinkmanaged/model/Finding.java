package io.flinkmanaged.model;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * One thing that is wrong with an input, or worth knowing about it, with its repair.
 *
 * <p>Every complaint of this library has this form: <em>subject: value (expected: constraint). What to do.</em>
 *
 * @param subject what is wrong: the setting, file or argument, as the user knows it
 * @param value the offending value; a secret must have been masked by the caller
 * @param expected the constraint that the value violates
 * @param remedy what a person can do about it: a sentence
 */
public record Finding(String subject, String value, String expected, String remedy) implements Serializable {

    /** Rejects absent parts: a complaint without its repair is not one. */
    public Finding {
        requireNonNull(subject, "subject");
        requireNonNull(value, "value");
        requireNonNull(expected, "expected");
        requireNonNull(remedy, "remedy");
    }

    /** Returns {@code subject: value (expected: constraint). What to do.} */
    @Override
    public String toString() {
        return subject + ": " + value + " (expected: " + expected + "). " + remedy;
    }
}
