package io.flinkmanaged.render;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import java.util.Locale;

/** A configuration as Flink's {@code config.yaml}: a line a key, every value in double quotes, ordered by key. */
final class FlinkYaml {

    private FlinkYaml() {}

    static String write(LayeredConfiguration configuration) {
        StringBuilder text = new StringBuilder(8192);
        for (Setting setting : configuration.effective()) {
            quote(text, setting.key());
            text.append(": ");
            quote(text, setting.value());
            text.append('\n');
        }
        return text.toString();
    }

    private static void quote(StringBuilder text, String value) {
        text.append('"').append(escaped(value)).append('"');
    }

    /** YAML 1.2, 5.7: what stands between double quotes; everything that is not plain ASCII goes as an escape. */
    static String escaped(String value) {
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c >= ' ' && c <= '~') {
                text.append(c);
            } else {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return text.toString();
    }
}
