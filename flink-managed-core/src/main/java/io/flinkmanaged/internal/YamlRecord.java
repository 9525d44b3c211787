package io.flinkmanaged.internal;

import io.flinkmanaged.model.InvalidInputException;
import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A record of this library as it was read back: each field of the type it was written with, or a clear complaint. */
public final class YamlRecord {

    private static final String OF_OURS = "The record is damaged: restore it from a copy.";

    private final String subject;
    private final Map<?, ?> fields;
    private final String remedy;

    private YamlRecord(String subject, Map<?, ?> fields, String remedy) {
        this.subject = subject;
        this.fields = fields;
        this.remedy = remedy;
    }

    /**
     * Reads a record.
     *
     * @param subject what it is, for complaints
     * @param text the YAML
     * @throws InvalidInputException if the text is no YAML map
     */
    public static YamlRecord read(String subject, String text) {
        return new YamlRecord(subject, YamlText.read(subject, text), OF_OURS);
    }

    /**
     * Reads what a person wrote.
     *
     * @param subject what it is, for complaints
     * @param text the YAML
     * @param remedy what to do about a field that is wrong: a sentence
     * @throws InvalidInputException if the text is no YAML map
     */
    public static YamlRecord read(String subject, String text, String remedy) {
        return new YamlRecord(subject, YamlText.read(subject, text, remedy), remedy);
    }

    /** Returns what the record is, as complaints name it. */
    public String subject() {
        return subject;
    }

    /** Returns the names of the fields, in the order of the text. */
    public List<String> names() {
        return fields.keySet().stream().map(String::valueOf).toList();
    }

    /**
     * Returns whether a field is there, even if it is empty.
     *
     * @param field its name
     */
    public boolean has(String field) {
        return fields.containsKey(field);
    }

    /**
     * Returns whether a field is a text.
     *
     * @param field its name
     */
    public boolean isText(String field) {
        return fields.get(field) instanceof String;
    }

    /**
     * Returns a text.
     *
     * @param field its name
     * @throws InvalidInputException if it is absent or no text
     */
    public String text(String field) {
        return optionalText(field).orElseThrow(() -> damaged(field, "a text"));
    }

    /**
     * Returns a text that may be absent.
     *
     * @param field its name
     * @throws InvalidInputException if it is no text
     */
    public Optional<String> optionalText(String field) {
        return Optional.ofNullable(as(field, String.class, "a text"));
    }

    /**
     * Returns a whole number.
     *
     * @param field its name
     * @throws InvalidInputException if it is absent or no number
     */
    public long number(String field) {
        Number number = as(field, Number.class, "a whole number");
        if (!(number instanceof Integer || number instanceof Long)) {
            throw damaged(field, "a whole number");
        }
        return number.longValue();
    }

    /**
     * Returns a number that may have a fraction.
     *
     * @param field its name
     * @throws InvalidInputException if it is absent or no number
     */
    public double decimal(String field) {
        Number number = as(field, Number.class, "a number");
        if (number == null) {
            throw damaged(field, "a number");
        }
        return number.doubleValue();
    }

    /**
     * Returns a number that is a count.
     *
     * @param field its name
     * @throws InvalidInputException if it is absent or does not fit into an {@code int}
     */
    public int count(String field) {
        long number = number(field);
        if (number != (int) number) {
            throw damaged(field, "a number of at most " + Integer.MAX_VALUE);
        }
        return (int) number;
    }

    /**
     * Returns a text that has a form of its own.
     *
     * @param field its name
     * @param expected the form, for complaints
     * @param parse reads it; throws {@link IllegalArgumentException} or {@link DateTimeException} if it cannot
     * @param <T> what it reads
     * @throws InvalidInputException if the text is absent or of another form
     */
    public <T> T parsed(String field, String expected, Function<String, T> parse) {
        String text = text(field);
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw damaged(field, expected).because(e);
        }
    }

    /**
     * Returns a yes or no.
     *
     * @param field its name
     * @throws InvalidInputException if it is absent or neither
     */
    public boolean flag(String field) {
        Boolean flag = as(field, Boolean.class, "true or false");
        if (flag == null) {
            throw damaged(field, "true or false");
        }
        return flag;
    }

    /**
     * Returns a list of texts; empty if absent.
     *
     * @param field its name
     * @throws InvalidInputException if it is no list
     */
    public List<String> texts(String field) {
        List<?> list = as(field, List.class, "a list");
        return list == null ? List.of() : list.stream().map(String::valueOf).toList();
    }

    /**
     * Returns a map of texts; empty if absent.
     *
     * @param field its name
     * @throws InvalidInputException if it is no map
     */
    public SortedMap<String, String> textMap(String field) {
        SortedMap<String, String> result = new TreeMap<>();
        Map<?, ?> map = as(field, Map.class, "a map");
        if (map != null) {
            map.forEach((key, value) -> {
                if (value == null || value instanceof Map || value instanceof List) {
                    // Neither shown, because one of these may be a secret.
                    throw InvalidInputException.of(
                            subject + "." + field + ", field " + key, "…", "a text or a number", remedy);
                }
                result.put(String.valueOf(key), String.valueOf(value));
            });
        }
        return result;
    }

    /**
     * Returns a record within this one.
     *
     * @param field its name
     * @return empty if absent
     * @throws InvalidInputException if it is no map
     */
    public Optional<YamlRecord> optionalRecord(String field) {
        return Optional.ofNullable(as(field, Map.class, "a map"))
                .map(map -> new YamlRecord(subject + "." + field, map, remedy));
    }

    /**
     * Refuses a record of another format.
     *
     * @param format the number that the field {@code format} must have
     * @return this
     * @throws InvalidInputException if it has another
     */
    public YamlRecord requireFormat(int format) {
        if (number("format") != format) {
            throw InvalidInputException.of(
                    subject,
                    "format " + number("format"),
                    "format " + format,
                    "Another version of this library wrote it; use that version.");
        }
        return this;
    }

    /**
     * Returns a complaint about a field.
     *
     * @param field its name
     * @param expected what it should be
     */
    public InvalidInputException damaged(String field, String expected) {
        return InvalidInputException.of(
                subject + ", field " + field, String.valueOf(fields.get(field)), expected, remedy);
    }

    private <T> @Nullable T as(String field, Class<T> type, String expected) {
        Object value = fields.get(field);
        if (value == null || type.isInstance(value)) {
            return type.cast(value);
        }
        throw damaged(field, expected);
    }
}
