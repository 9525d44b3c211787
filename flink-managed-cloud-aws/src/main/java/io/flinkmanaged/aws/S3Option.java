package io.flinkmanaged.aws;

import java.util.Arrays;
import java.util.List;

/** The options of an S3 location, by the names that a spec's YAML has them. */
enum S3Option {
    REGION("region"),
    ENDPOINT("endpoint"),
    PATH_STYLE("path-style"),
    ACCESS_KEY("access-key"),
    SECRET_KEY("secret-key"),
    PROFILE("profile"),
    ROLE("assume-role.arn"),
    ROLE_EXTERNAL_ID("assume-role.external-id"),
    ROLE_SESSION_NAME("assume-role.session-name"),
    ROLE_SESSION_DURATION("assume-role.session-duration"),
    ENCRYPTION("encryption"),
    KMS_KEY("encryption.kms-key"),
    RETRIES("retries"),
    CONNECTIONS("connections"),
    CONNECT_TIMEOUT("connect-timeout"),
    SOCKET_TIMEOUT("socket-timeout"),
    CHUNKED_UPLOADS("chunked-uploads"),
    SPOOL_DIRECTORY("spool-directory"),
    LOSSY_FILE_SINK("accept-lossy-file-sink");

    private final String key;

    S3Option(String key) {
        this.key = key;
    }

    /** Returns its name in a location. */
    String key() {
        return key;
    }

    static List<String> keys() {
        return Arrays.stream(values()).map(S3Option::key).toList();
    }
}
