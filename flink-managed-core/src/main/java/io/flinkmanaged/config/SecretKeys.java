package io.flinkmanaged.config;

import io.flinkmanaged.model.Redaction;
import io.flinkmanaged.model.SecretRef;
import java.util.Locale;
import java.util.regex.Pattern;

/** Keys whose values nobody is shown: in a message, a log, or by {@code toString}. */
final class SecretKeys {

    /** Stands for a value that is not shown. */
    static final String HIDDEN = Redaction.HIDDEN;

    /** Flink's own list (GlobalConfiguration.SENSITIVE_KEYS), wide enough for slips of the pen and for other systems. */
    private static final Pattern SECRET =
            Pattern.compile("pass?w|passphrase|pwd|secret|token|credential|private|account.key|api.?key"
                    + "|access.?key|service.?key|key.?id|auth|jaas|http.headers|sas|[.-]key$");

    private SecretKeys() {}

    /** Returns a value as people may see it. */
    static String shown(String key, String value) {
        boolean harmless = value.equals("true") || value.equals("false") || value.isEmpty();
        boolean reference = SecretRef.parse(value).isPresent();
        return !harmless
                        && !reference
                        && SECRET.matcher(key.toLowerCase(Locale.ROOT)).find()
                ? HIDDEN
                : value;
    }
}
