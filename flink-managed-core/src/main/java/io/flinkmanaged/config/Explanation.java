package io.flinkmanaged.config;

import java.util.List;
import java.util.Optional;

/**
 * Why a key has its value.
 *
 * @param key the Flink key
 * @param inEffect the setting that won; empty if nobody set the key and Flink has no default for it
 * @param outvoted what the other layers wanted, strongest first
 * @param rule what may be done with the key
 */
public record Explanation(String key, Optional<Setting> inEffect, List<Setting> outvoted, KeyRule rule) {

    /** Returns the explanation as a few lines for people, without secrets. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(key);
        inEffect.ifPresentOrElse(
                setting -> text.append(" = ")
                        .append(setting.shownValue())
                        .append("\n  from ")
                        .append(setting.layer())
                        .append(": ")
                        .append(setting.reason()),
                () -> text.append(" is not set"));
        outvoted.forEach(setting -> text.append("\n  outvoted ")
                .append(setting.layer())
                .append(" = ")
                .append(setting.shownValue())
                .append(": ")
                .append(setting.reason()));
        return text.append("\n  rule ").append(rule).toString();
    }
}
