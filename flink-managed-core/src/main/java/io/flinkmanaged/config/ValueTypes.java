package io.flinkmanaged.config;

import io.flinkmanaged.model.Finding;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;

/** Whether a text is a value of a key's type, as Flink's own configuration reads it. */
final class ValueTypes {

    /** What Pekko's configuration takes for a size and Flink's memory sizes mean the same by. */
    private static final Pattern BYTES = Pattern.compile("(\\d{1,18})\\s?([bkm]?)");

    private ValueTypes() {}

    /** Says what is wrong with a value; the names of enums are part of their type. */
    static Optional<Finding> judge(String subject, String key, String type, String value) {
        return isValue(type, value)
                ? Optional.empty()
                : Optional.of(new Finding(
                        subject,
                        "\"" + SecretKeys.shown(key, value) + "\"",
                        nameOf(type),
                        "Write a value such as " + exampleOf(type) + "."));
    }

    /** Returns whether a key of this type is a text, in which a reference to a secret may stand. */
    static boolean isText(String type) {
        return type.equals("String") || type.startsWith("List<") || type.equals("Map");
    }

    /** Returns the amount that a value of a comparable type is: nanoseconds, bytes, or the number; empty if it is none. */
    static Optional<BigDecimal> amount(String type, String value) {
        if (type.equals("Bytes")) {
            return bytes(value);
        }
        Optional<? extends ConfigOption<?>> probe = probeOf("amount", type);
        Optional<?> read = probe.flatMap(option -> read(option, value));
        return read.flatMap(ValueTypes::asAmount);
    }

    private static Optional<BigDecimal> asAmount(Object value) {
        if (value instanceof Duration duration) {
            return Optional.of(BigDecimal.valueOf(duration.getSeconds())
                    .multiply(BigDecimal.valueOf(1_000_000_000L))
                    .add(BigDecimal.valueOf(duration.getNano())));
        }
        if (value instanceof MemorySize size) {
            return Optional.of(BigDecimal.valueOf(size.getBytes()));
        }
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return Optional.of(new BigDecimal(number.toString()));
        }
        return Optional.empty();
    }

    private static Optional<BigDecimal> bytes(String value) {
        Matcher matcher = BYTES.matcher(value.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long unit =
                switch (matcher.group(2)) {
                    case "k" -> 1L << 10;
                    case "m" -> 1L << 20;
                    default -> 1;
                };
        return Optional.of(new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)));
    }

    private static boolean isValue(String type, String value) {
        List<String> names = namesIn(type);
        if (!names.isEmpty()) {
            return names.stream()
                    .anyMatch(name -> name.toUpperCase(Locale.ROOT).equals(value.toUpperCase(Locale.ROOT)));
        }
        return probeOf("value", type)
                .map(probe -> read(probe, value).isPresent())
                .orElse(true);
    }

    private static <T> Optional<T> read(ConfigOption<T> probe, String value) {
        Configuration configuration = new Configuration();
        configuration.setString(probe.key(), value);
        try {
            return configuration.getOptional(probe);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** An enum's type is written with its names: {@code CheckpointingMode(EXACTLY_ONCE|AT_LEAST_ONCE)}. */
    private static List<String> namesIn(String type) {
        int open = type.indexOf('(');
        return open < 0
                ? List.of()
                : Arrays.asList(type.substring(open + 1, type.length() - 1).split("\\|", -1));
    }

    private static Optional<? extends ConfigOption<?>> probeOf(String key, String type) {
        ConfigOptions.OptionBuilder builder = ConfigOptions.key(key);
        return switch (type) {
            case "Boolean" -> Optional.of(builder.booleanType().noDefaultValue());
            case "Integer" -> Optional.of(builder.intType().noDefaultValue());
            case "Long" -> Optional.of(builder.longType().noDefaultValue());
            case "Float" -> Optional.of(builder.floatType().noDefaultValue());
            case "Double" -> Optional.of(builder.doubleType().noDefaultValue());
            case "Duration" -> Optional.of(builder.durationType().noDefaultValue());
            case "MemorySize" -> Optional.of(builder.memoryType().noDefaultValue());
            default -> Optional.empty();
        };
    }

    private static String nameOf(String type) {
        List<String> names = namesIn(type);
        if (!names.isEmpty()) {
            return "one of " + String.join(", ", names);
        }
        return switch (type) {
            case "Integer", "Long" -> "a whole number";
            case "Float", "Double" -> "a number";
            case "Boolean" -> "true or false";
            case "Duration" -> "a duration";
            default -> "a memory size";
        };
    }

    private static String exampleOf(String type) {
        List<String> names = namesIn(type);
        if (!names.isEmpty()) {
            return names.get(0);
        }
        return switch (type) {
            case "Integer", "Long" -> "4";
            case "Float", "Double" -> "0.4";
            case "Boolean" -> "true";
            case "Duration" -> Duration.ofSeconds(30).toSeconds() + " s";
            default -> MemorySize.ofMebiBytes(64).toHumanReadableString();
        };
    }
}
