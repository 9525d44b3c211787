package io.flinkmanaged.model;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * One thing that is wrong with an input, or worth knowing about it, with its repair.
 *
 * <p>Every complaint of this library has this form: <em>subject: value (expected: constraint). What to do.</em>
 *
 * @param severity whether it stops what was asked for
 * @param subject what is wrong: the setting, file or argument, as the user knows it
 * @param value the offending value; a secret must have been masked by the caller
 * @param expected the constraint that the value violates
 * @param remedy what a person can do about it: a sentence
 */
public record Finding(Severity severity, String subject, String value, String expected, String remedy)
        implements Serializable {

    /** What a finding does to what was asked for. */
    public enum Severity {
        /** It is refused. */
        ERROR,
        /** It is done; somebody will regret it, or should know. */
        ADVICE
    }

    /** Rejects absent parts: a complaint without its repair is not one. */
    public Finding {
        requireNonNull(severity, "severity");
        subject = Redaction.hide(requireNonNull(subject, "subject"));
        value = Redaction.hide(requireNonNull(value, "value"));
        expected = Redaction.hide(requireNonNull(expected, "expected"));
        remedy = Redaction.hide(requireNonNull(remedy, "remedy"));
    }

    /**
     * Creates an error.
     *
     * @param subject what is wrong: the setting, file or argument, as the user knows it
     * @param value the offending value; a secret must have been masked by the caller
     * @param expected the constraint that the value violates
     * @param remedy what a person can do about it: a sentence
     */
    public Finding(String subject, String value, String expected, String remedy) {
        this(Severity.ERROR, subject, value, expected, remedy);
    }

    /** Returns the same as advice. */
    public Finding asAdvice() {
        return new Finding(Severity.ADVICE, subject, value, expected, remedy);
    }

    /** Returns whether it stops what was asked for. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** Returns {@code subject: value (expected: constraint). What to do.} */
    @Override
    public String toString() {
        return subject + ": " + value + " (expected: " + expected + "). " + remedy;
    }
}
