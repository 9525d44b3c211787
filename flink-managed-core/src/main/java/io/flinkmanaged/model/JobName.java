package io.flinkmanaged.model;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/**
 * The identity of a job in its cluster: what it is called, for ever and in every attempt.
 *
 * <p>Flink lets a job be called anything, so any text of 1..200 characters without control characters is a name;
 * {@link #pathSegment()} is its form in directories and object keys.
 *
 * @param value the name
 */
public record JobName(String value) implements Comparable<JobName> {

    private static final int MAX_LENGTH = 200;

    /** File systems allow a name of 255 bytes. */
    private static final int LONGEST_SEGMENT = 200;

    private static final int LEGIBLE = 150;
    private static final int HASH = 32;

    /** Refuses what cannot name a job. */
    public JobName {
        if (value.isBlank()
                || value.length() > MAX_LENGTH
                || value.chars().anyMatch(Character::isISOControl)
                || !StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            throw InvalidInputException.of(
                    "job name",
                    "\"" + value + "\"",
                    "1.." + MAX_LENGTH + " characters, not blank, no control characters, no halves of surrogate pairs",
                    "Name the job in submit(name, …) or execute(name).");
        }
    }

    /**
     * Returns the name as one segment of a path: letters, digits, {@code _} and {@code -} stand for themselves, every
     * other byte of its UTF-8 form becomes {@code %XX}. What is longer than 200 characters then is cut, and {@code ~} and
     * a hash of the name take the place of its end. Different names have different segments.
     */
    public String pathSegment() {
        StringBuilder segment = new StringBuilder(value.length());
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '-')) {
                segment.append(c);
            } else {
                segment.append('%').append(String.format("%02X", (int) c));
            }
        }
        return segment.length() <= LONGEST_SEGMENT ? segment.toString() : segment.substring(0, LEGIBLE) + "~" + hash();
    }

    private String hash() {
        return Hashing.sha256()
                .hashString(value, StandardCharsets.UTF_8)
                .toString()
                .substring(0, HASH);
    }

    @Override
    public int compareTo(JobName other) {
        return value.compareTo(other.value);
    }

    /** Returns the bare name. */
    @Override
    public String toString() {
        return value;
    }
}
