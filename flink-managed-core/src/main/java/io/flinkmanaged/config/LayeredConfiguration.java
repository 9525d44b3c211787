package io.flinkmanaged.config;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/**
 * A configuration in which every key remembers its layer, the reason, and what the other layers wanted.
 *
 * <p>Immutable; equal content renders equal configurations.
 */
public final class LayeredConfiguration {

    private final SortedMap<String, NavigableMap<Layer, Setting>> byKey;

    private LayeredConfiguration(SortedMap<String, NavigableMap<Layer, Setting>> byKey) {
        this.byKey = byKey;
    }

    /** Returns a builder with nothing in it. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the setting in effect.
     *
     * @param key the Flink key
     * @return the strongest layer's setting; empty if no layer set the key
     */
    public Optional<Setting> effective(String key) {
        return Optional.ofNullable(byKey.get(key))
                .map(layers -> layers.lastEntry().getValue());
    }

    /** Returns every setting in effect, ordered by key. */
    public List<Setting> effective() {
        return byKey.values().stream()
                .map(layers -> layers.lastEntry().getValue())
                .toList();
    }

    /**
     * Explains a key, where there are no policies.
     *
     * @param key the Flink key, which may be a former name
     * @return who set it and why; Flink's own default where nobody did
     */
    public Explanation explain(String key) {
        return explain(key, Policies.NONE);
    }

    /**
     * Explains a key.
     *
     * @param key the Flink key, which may be a former name
     * @param policies the policies that hold
     * @return who set it and why; Flink's own default where nobody did
     */
    public Explanation explain(String key, Policies policies) {
        KeyCatalogue catalogue = KeyCatalogue.ofFlink();
        String name = catalogue.nameOf(key);
        KeyChange change = KeyChange.of(name);
        NavigableMap<Layer, Setting> layers = new TreeMap<>();
        Optional.ofNullable(byKey.get(name)).ifPresent(layers::putAll);
        catalogue
                .defaultOf(name)
                .ifPresent(value -> layers.put(
                        Layer.FLINK_DEFAULT, new Setting(name, value, Layer.FLINK_DEFAULT, "Flink's default")));
        Optional<Setting> ignored =
                change.reader().asksTheJob() ? Optional.empty() : Optional.ofNullable(layers.remove(Layer.JOB));
        List<Setting> strongestFirst = List.copyOf(layers.descendingMap().values());
        return new Explanation(
                name,
                strongestFirst.stream().findFirst(),
                strongestFirst.stream().skip(1).toList(),
                ignored,
                catalogue.ruleOf(name),
                policies.about(name),
                change);
    }

    /**
     * Explains every key that a layer set.
     *
     * @param policies the policies that hold
     */
    public Explanations explainAll(Policies policies) {
        return new Explanations(
                byKey.keySet().stream().map(key -> explain(key, policies)).toList());
    }

    /**
     * Returns this configuration with more settings.
     *
     * @param settings the settings; of one layer and key, they take the place of the present ones
     */
    public LayeredConfiguration with(Collection<Setting> settings) {
        Builder builder = builder();
        byKey.values().forEach(layers -> builder.setAll(layers.values()));
        return builder.setAll(settings).build();
    }

    /** Returns the settings in effect as a new Flink configuration. */
    public Configuration toFlink() {
        return toFlink(UnaryOperator.identity());
    }

    /**
     * Returns the settings in effect as a new Flink configuration, which is for Flink alone.
     *
     * @param resolve puts secrets in the place of the references within a value
     */
    public Configuration toFlink(UnaryOperator<String> resolve) {
        Configuration configuration = new Configuration();
        effective().forEach(setting -> configuration.setString(setting.key(), resolve.apply(setting.value())));
        return configuration;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LayeredConfiguration that && byKey.equals(that.byKey);
    }

    @Override
    public int hashCode() {
        return byKey.hashCode();
    }

    /** Returns the settings in effect, a line each, without secrets. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        effective().forEach(setting -> text.append(setting.key())
                .append(": ")
                .append(setting.shownValue())
                .append('\n'));
        return text.toString();
    }

    /** Collects settings in any order; not thread-safe. */
    public static final class Builder {

        private final SortedMap<String, NavigableMap<Layer, Setting>> byKey = new TreeMap<>();

        private Builder() {}

        /**
         * Adds what a layer wants; a second value of the same layer for a key replaces the first.
         *
         * @param layer who wants it
         * @param key the Flink key
         * @param value the value as Flink's configuration file would have it
         * @param reason why: a sentence for people
         * @return this
         */
        public Builder set(Layer layer, String key, String value, String reason) {
            byKey.computeIfAbsent(key, ignored -> new TreeMap<>()).put(layer, new Setting(key, value, layer, reason));
            return this;
        }

        /**
         * Adds what a layer wants.
         *
         * @param layer who wants it
         * @param option the Flink option
         * @param value the value
         * @param reason why: a sentence for people
         * @param <T> the option's type
         * @return this
         */
        public <T> Builder set(Layer layer, ConfigOption<T> option, T value, String reason) {
            return set(layer, option.key(), textOf(option, value), reason);
        }

        /**
         * Adds settings that another part of the library worked out.
         *
         * @param settings the settings
         * @return this
         */
        public Builder setAll(Collection<Setting> settings) {
            settings.forEach(one -> set(one.layer(), one.key(), one.value(), one.reason()));
            return this;
        }

        /** Returns the configuration. */
        public LayeredConfiguration build() {
            SortedMap<String, NavigableMap<Layer, Setting>> copy = new TreeMap<>();
            byKey.forEach((key, layers) -> copy.put(key, new TreeMap<>(layers)));
            return new LayeredConfiguration(copy);
        }
    }

    /**
     * Returns a typed value as Flink's configuration file would have it.
     *
     * @param option the Flink option
     * @param value the value
     * @param <T> the option's type
     */
    public static <T> String textOf(ConfigOption<T> option, T value) {
        Configuration one = new Configuration();
        one.set(option, value);
        Map<String, String> map = one.toMap();
        String text = map.get(option.key());
        if (text == null) {
            throw new IllegalStateException("Flink dropped the value of " + option.key());
        }
        return text;
    }
}
