package io.flinkmanaged.config;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * The least and the most that a value may be.
 *
 * @param type how the value is read: {@code Duration}, {@code MemorySize}, {@code Integer}, {@code Long}, {@code Float},
 *     {@code Double}, or {@code Bytes} (a size as Pekko writes it)
 * @param least the least, as Flink's configuration file would have it; empty if there is none
 * @param most the most, likewise
 */
public record Bounds(String type, String least, String most) {

    private static final String BETWEEN = "..";

    /** Refuses bounds that are no values of the type. */
    public Bounds {
        requireAmount(type, least);
        requireAmount(type, most);
    }

    /** Reads {@code Duration 5 s..60 s}. */
    static Bounds parse(String text) {
        int blank = text.indexOf(' ');
        int between = text.indexOf(BETWEEN);
        return new Bounds(
                text.substring(0, blank),
                text.substring(blank + 1, between),
                text.substring(between + BETWEEN.length()));
    }

    /**
     * Returns whether a value is within the bounds.
     *
     * @param value the value as Flink's configuration file would have it; one that is no value of the type is outside
     */
    public boolean admit(String value) {
        Optional<BigDecimal> amount = ValueTypes.amount(type, value);
        return amount.isPresent()
                && (least.isEmpty() || amount.get().compareTo(requireAmount(type, least)) >= 0)
                && (most.isEmpty() || amount.get().compareTo(requireAmount(type, most)) <= 0);
    }

    /** Returns {@code 5 s..60 s} or {@code 1 or more}. */
    @Override
    public String toString() {
        if (most.isEmpty()) {
            return least.isEmpty() ? "anything" : least + " or more";
        }
        return least.isEmpty() ? most + " or less" : least + BETWEEN + most;
    }

    private static BigDecimal requireAmount(String type, String text) {
        return text.isEmpty()
                ? BigDecimal.ZERO
                : ValueTypes.amount(type, text)
                        .orElseThrow(() -> new IllegalArgumentException(text + " is no value of the type " + type));
    }
}
