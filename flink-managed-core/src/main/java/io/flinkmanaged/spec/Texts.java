package io.flinkmanaged.spec;

import io.flinkmanaged.model.InvalidInputException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 30 s}, {@code 5 min}; ISO 8601 is read too. */
final class Texts {

    /** About 285 years. Flink keeps times as nanoseconds in a {@code long}. */
    static final Duration LONGEST = Duration.ofDays(100_000);

    private static final Map<String, Duration> UNITS = new LinkedHashMap<>();
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,30})\\s*([a-z]+)");

    static {
        UNITS.put("d", Duration.ofDays(1));
        UNITS.put("h", Duration.ofHours(1));
        UNITS.put("min", Duration.ofMinutes(1));
        UNITS.put("s", Duration.ofSeconds(1));
        UNITS.put("ms", Duration.ofMillis(1));
        UNITS.put("us", Duration.ofNanos(1000));
        UNITS.put("ns", Duration.ofNanos(1));
    }

    private Texts() {}

    /** Returns a duration in its largest whole unit; {@code of} and {@code duration} are inverse. */
    static String of(Duration value) {
        if (value.isZero()) {
            return "0 s";
        }
        if (value.isNegative()) {
            return value.toString();
        }
        for (Map.Entry<String, Duration> unit : UNITS.entrySet()) {
            Duration one = unit.getValue();
            if (one.multipliedBy(value.dividedBy(one)).equals(value)) {
                return value.dividedBy(one) + " " + unit.getKey();
            }
        }
        return value.toString();
    }

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException if it is none, or longer than {@link #LONGEST}
     */
    static Duration duration(String text) {
        Matcher amount = AMOUNT.matcher(text.strip());
        Duration unit = amount.matches() ? UNITS.get(amount.group(2)) : null;
        if (unit == null) {
            return iso(text.strip());
        }
        BigDecimal nanos = new BigDecimal(amount.group(1)).multiply(new BigDecimal(unit.toNanos()));
        if (nanos.compareTo(new BigDecimal(LONGEST.toNanos())) > 0) {
            throw new IllegalArgumentException(text + " is longer than " + LONGEST.toDays() + " days");
        }
        return Duration.ofNanos(nanos.longValueExact());
    }

    private static Duration iso(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(text + " is no duration", e);
        }
    }

    /** Returns a duration in milliseconds, however long it is. */
    static String millis(Duration value) {
        boolean countable = value.compareTo(LONGEST) <= 0 && value.compareTo(LONGEST.negated()) >= 0;
        return countable ? value.toMillis() + " ms" : value.toString();
    }

    /** Refuses a duration that Flink could not count. */
    static void requireCountable(String subject, Duration value) {
        if (value.compareTo(LONGEST) > 0) {
            throw InvalidInputException.of(
                    subject, value, LONGEST.toDays() + " d or less", "Choose one that somebody lives to see.");
        }
    }
}
