package io.flinkmanaged.gcp;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the bucket's own settings mean for state: the demanded key, and what will be regretted. */
final class GcsAdvice {

    private static final String FIELDS = "?fields=encryption,versioning,softDeletePolicy,lifecycle,retentionPolicy";

    private final GcsSettings gcs;
    private final GcsClient client;

    GcsAdvice(GcsSettings gcs, GcsClient client) {
        this.gcs = gcs;
        this.client = client;
    }

    /**
     * Asks for the bucket's settings. Whoever may not see them gets no advice, unless a key is demanded.
     *
     * @throws StorageException if the demanded key is not the bucket's default
     */
    List<Finding> give() {
        GcsAnswer answer = client.send(GcsAction.LOOK_AT_BUCKET, "", () -> client.request("", "", FIELDS));
        Optional<Map<String, Object>> bucket = answer.isSuccess() ? json(answer) : Optional.empty();
        if (bucket.isEmpty() && gcs.kmsKey().isPresent()) {
            throw client.refuse(GcsAction.LOOK_AT_BUCKET, "", answer);
        }
        return bucket.map(this::judge).orElse(List.of());
    }

    private List<Finding> judge(Map<String, Object> bucket) {
        requireKey(part(bucket, "encryption").get("defaultKmsKeyName"));
        List<Finding> advice = new ArrayList<>();
        lifecycle(bucket).ifPresent(advice::add);
        if (Boolean.TRUE.equals(part(bucket, "versioning").get("enabled"))) {
            advice.add(advice(
                    "versioning",
                    "on",
                    "off: every checkpoint that Flink deletes is kept and paid for",
                    "Turn it off, or delete noncurrent versions with a lifecycle rule."));
        }
        long kept = number(part(bucket, "softDeletePolicy").get("retentionDurationSeconds"));
        if (kept > 0) {
            advice.add(advice(
                    "soft delete",
                    "on for " + kept / 86_400 + " days",
                    "off: every checkpoint that Flink deletes is paid for so long",
                    "Turn it off with gcloud storage buckets update --clear-soft-delete, if nothing else needs it."));
        }
        if (!part(bucket, "retentionPolicy").isEmpty()) {
            advice.add(advice(
                    "retention policy",
                    "on",
                    "none: Flink cannot delete checkpoints, nor the library overwrite records, before it lets go",
                    "Use a bucket without one."));
        }
        return advice;
    }

    private void requireKey(@Nullable Object found) {
        gcs.kmsKey().filter(key -> !key.equals(found)).ifPresent(key -> {
            throw new StorageException(
                    "storage " + gcs.address().uri() + ": "
                            + new Finding(
                                    "default key of the bucket",
                                    found == null ? "none, so Google's own" : String.valueOf(found),
                                    key,
                                    "Set it with gcloud storage buckets update --default-encryption-key, or leave out "
                                            + "encryptedByKms(…)."),
                    null);
        });
    }

    /** A rule that deletes by age alone deletes state that a job still needs. */
    private Optional<Finding> lifecycle(Map<String, Object> bucket) {
        boolean deletes = part(bucket, "lifecycle").get("rule") instanceof List<?> rules
                && rules.stream()
                        .filter(Map.class::isInstance)
                        .map(rule -> (Map<?, ?>) rule)
                        .anyMatch(this::deletesState);
        return deletes
                ? Optional.of(advice(
                        "lifecycle rule",
                        "deletes what lies there, by its age or date",
                        "none that concerns this prefix: an old file may belong to a new checkpoint",
                        "Limit the rule to other prefixes, or to noncurrent versions."))
                : Optional.empty();
    }

    private boolean deletesState(Map<?, ?> rule) {
        Map<?, ?> condition = rule.get("condition") instanceof Map<?, ?> map ? map : Map.of();
        boolean deletes = rule.get("action") instanceof Map<?, ?> action && "Delete".equals(action.get("type"));
        boolean concernsLive = !Boolean.FALSE.equals(condition.get("isLive"))
                && !condition.containsKey("numNewerVersions")
                && !condition.containsKey("daysSinceNoncurrentTime")
                && !condition.containsKey("noncurrentTimeBefore");
        boolean concernsPrefix = !(condition.get("matchesPrefix") instanceof List<?> prefixes)
                || prefixes.stream().map(String::valueOf).anyMatch(this::overlaps);
        return deletes && concernsLive && concernsPrefix;
    }

    private boolean overlaps(String prefix) {
        String ours = gcs.address().keyOf("");
        return prefix.startsWith(ours) || ours.startsWith(prefix);
    }

    private Finding advice(String subject, String value, String expected, String remedy) {
        return new Finding(subject + " of bucket " + gcs.bucket(), value, expected, remedy).asAdvice();
    }

    private static Optional<Map<String, Object>> json(GcsAnswer answer) {
        try {
            return Optional.of(answer.json());
        } catch (InvalidInputException e) {
            return Optional.empty();
        }
    }

    private static Map<?, ?> part(Map<String, Object> bucket, String name) {
        return bucket.get(name) instanceof Map<?, ?> map ? map : Map.of();
    }

    private static long number(@Nullable Object value) {
        return value == null ? 0 : Long.parseLong(String.valueOf(value));
    }
}
