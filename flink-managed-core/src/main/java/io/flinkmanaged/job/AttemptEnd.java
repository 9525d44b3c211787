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
 * @param reason why, for people; only of a quarantine
 */
public record AttemptEnd(Kind kind, Optional<String> savepoint, Optional<String> reason) {

    /**
     * Makes one without a reason.
     *
     * @param kind how it ended
     * @param savepoint where the next attempt starts
     */
    public AttemptEnd(Kind kind, Optional<String> savepoint) {
        this(kind, savepoint, Optional.empty());
    }

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
        /** The supervisor ended it, because it failed again and again for one reason. */
        QUARANTINED,
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

    /**
     * Returns the end of an attempt that is quarantined.
     *
     * @param reason why
     */
    public static AttemptEnd quarantined(String reason) {
        return new AttemptEnd(Kind.QUARANTINED, Optional.empty(), Optional.of(reason));
    }

    String toYaml() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("end", kind.name());
        savepoint.ifPresent(path -> map.put("savepoint", path));
        reason.ifPresent(text -> map.put("reason", text));
        return YamlText.write(map);
    }

    static AttemptEnd fromYaml(String path, String text) {
        YamlRecord record = YamlRecord.read("attempt end " + path, text);
        Kind kind = Enums.getIfPresent(Kind.class, record.text("end"))
                .toJavaUtil()
                .orElseThrow(() -> record.damaged("end", "how an attempt can end"));
        return new AttemptEnd(kind, record.optionalText("savepoint"), record.optionalText("reason"));
    }
}
