package io.flinkmanaged.config;

/**
 * One value that one layer wants for a key.
 *
 * @param key the Flink key
 * @param value the value as Flink's configuration file would have it
 * @param layer who wants it
 * @param reason why: a sentence for people
 */
public record Setting(String key, String value, Layer layer, String reason) {

    /** Returns the value for people: hidden if the key is one of a secret. */
    public String shownValue() {
        return SecretKeys.shown(key, value);
    }

    /** Returns the setting without a secret. */
    @Override
    public String toString() {
        return key + ": " + shownValue() + " (" + layer + ": " + reason + ")";
    }
}
