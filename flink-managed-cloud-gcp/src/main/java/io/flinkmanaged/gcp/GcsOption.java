package io.flinkmanaged.gcp;

import java.util.Arrays;
import java.util.List;

/** The options of a GCS location, by the names that a spec's YAML has them. */
enum GcsOption {
    PROJECT("project"),
    ENDPOINT("endpoint"),
    KEY_FILE("key-file"),
    WORKLOAD_IDENTITY("workload-identity"),
    ANONYMOUS("without-credentials"),
    KMS_KEY("kms-key"),
    RETRIES("retries"),
    CONNECT_TIMEOUT("connect-timeout"),
    READ_TIMEOUT("read-timeout"),
    UPLOAD_CHUNK("upload-chunk"),
    DIRECTORY_CHECKS("directory-checks");

    private final String key;

    GcsOption(String key) {
        this.key = key;
    }

    /** Returns its name in a location. */
    String key() {
        return key;
    }

    static List<String> keys() {
        return Arrays.stream(values()).map(GcsOption::key).toList();
    }
}
