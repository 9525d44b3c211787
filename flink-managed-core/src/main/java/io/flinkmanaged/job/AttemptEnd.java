package io.flinkmanaged.job;

import com.google.common.base.Enums;
import io.flinkmanaged.internal.YamlRecord;
import io.flinkmanaged.internal.YamlText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How an attempt ended, so that nobody continues it by mistake. An attempt without an end was lost with its epoch.
 *
 * @param kind how it ended
 * @param savepoint where the next attempt starts; only after a stop with savepoint
 */
public record AttemptEnd(Kind kind, Optional<String> savepoint) {

    /** How an attempt can end. */
    public enum Kind {
        /** The job came to its end. */
        FINISHED,
        /** Somebody cancelled it. */
        CANCELED,
        /** Somebody stopped it with a savepoint, from which the next attempt starts. */
        STOPPED,
        /** Flink gave it up. */
        FAILED,
        /** Flink refused it, or it never reached Flink. */
        NOT_STARTED
    }

    /**
     * Returns an end without a savepoint.
     *
     * @param kind how it ended
     */
    public static AttemptEnd of(Kind kind) {
        return new AttemptEnd(kind, Optional.empty());
    }

    String toYaml() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("end", kind.name());
        savepoint.ifPresent(path -> map.put("savepoint", path));
        return YamlText.write(map);
    }

    static AttemptEnd fromYaml(String path, String text) {
        YamlRecord record = YamlRecord.read("attempt end " + path, text);
        Kind kind = Enums.getIfPresent(Kind.class, record.text("end"))
                .toJavaUtil()
                .orElseThrow(() -> record.damaged("end", "how an attempt can end"));
        return new AttemptEnd(kind, record.optionalText("savepoint"));
    }
}
