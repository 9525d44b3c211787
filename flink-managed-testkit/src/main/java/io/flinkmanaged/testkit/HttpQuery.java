package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a query, or of a form. */
final class HttpQuery {

    private HttpQuery() {}

    /** Reads parameters, decoded; one without a value has an empty one. */
    static Map<String, String> parse(@Nullable String raw) {
        Map<String, String> parameters = new HashMap<>();
        for (String parameter : raw == null || raw.isEmpty() ? new String[0] : raw.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : parameter.substring(equals + 1);
            parameters.put(URLDecoder.decode(name, UTF_8), URLDecoder.decode(value, UTF_8));
        }
        return parameters;
    }
}
