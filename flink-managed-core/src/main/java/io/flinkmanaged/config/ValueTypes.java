package io.flinkmanaged.config;

import io.flinkmanaged.model.Finding;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;

/** Whether a text is a value of a key's type, as Flink's own configuration reads it. */
final class ValueTypes {

    private ValueTypes() {}

    static Optional<Finding> judge(String key, String type, String value) {
        Optional<ConfigOption<?>> probe = probeOf(key, type);
        if (probe.isEmpty()) {
            return Optional.empty();
        }
        Configuration configuration = new Configuration();
        configuration.setString(key, value);
        try {
            configuration.getOptional(probe.get());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(new Finding(
                    "override " + key,
                    "\"" + SecretKeys.shown(key, value) + "\"",
                    nameOf(type),
                    "Write a value such as " + exampleOf(type) + "."));
        }
    }

    private static Optional<ConfigOption<?>> probeOf(String key, String type) {
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
        return switch (type) {
            case "Integer", "Long" -> "a whole number";
            case "Float", "Double" -> "a number";
            case "Boolean" -> "true or false";
            case "Duration" -> "a duration";
            default -> "a memory size";
        };
    }

    private static String exampleOf(String type) {
        return switch (type) {
            case "Integer", "Long" -> "4";
            case "Float", "Double" -> "0.4";
            case "Boolean" -> "true";
            case "Duration" -> Duration.ofSeconds(30).toSeconds() + " s";
            default -> MemorySize.ofMebiBytes(64).toHumanReadableString();
        };
    }
}
