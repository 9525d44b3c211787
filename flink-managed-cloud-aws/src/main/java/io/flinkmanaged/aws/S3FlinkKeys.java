package io.flinkmanaged.aws;

import io.flinkmanaged.aws.S3Settings.Encryption;
import io.flinkmanaged.config.Layer;
import io.flinkmanaged.config.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.fs.s3native.NativeS3FileSystemFactory;

/** The keys of Flink's native S3 file system. */
final class S3FlinkKeys {

    private S3FlinkKeys() {}

    /** Returns what the settings say, without credentials, each key with the option that it comes from. */
    static List<Setting> settings(S3Settings s3) {
        List<Setting> keys = new ArrayList<>();
        keys.add(key(NativeS3FileSystemFactory.REGION.key(), s3.region(), "S3Storage.region"));
        s3.endpoint()
                .ifPresent(endpoint -> keys.add(
                        key(NativeS3FileSystemFactory.ENDPOINT.key(), endpoint.toString(), "S3Storage.endpoint")));
        keys.add(key(
                NativeS3FileSystemFactory.PATH_STYLE_ACCESS.key(),
                Boolean.toString(s3.pathStyle()),
                "S3Storage.pathStyle"));
        keys.add(key(
                NativeS3FileSystemFactory.CHUNKED_ENCODING_ENABLED.key(),
                Boolean.toString(s3.chunkedUploads()),
                "S3Storage.plainUploads"));
        addRole(keys, s3);
        if (s3.encryption() != Encryption.NONE) {
            keys.add(key(
                    NativeS3FileSystemFactory.SSE_TYPE.key(),
                    s3.encryption().key(),
                    "S3Storage.encryptedByS3, encryptedByKms"));
        }
        s3.kmsKey()
                .ifPresent(kms ->
                        keys.add(key(NativeS3FileSystemFactory.SSE_KMS_KEY_ID.key(), kms, "S3Storage.encryptedByKms")));
        addLimits(keys, s3);
        return keys;
    }

    private static void addRole(List<Setting> keys, S3Settings s3) {
        s3.role().ifPresent(role -> {
            keys.add(key(NativeS3FileSystemFactory.ASSUME_ROLE_ARN.key(), role.arn(), "S3Storage.assumeRole"));
            role.externalId()
                    .ifPresent(id -> keys.add(key(
                            NativeS3FileSystemFactory.ASSUME_ROLE_EXTERNAL_ID.key(), id, "S3Storage.roleExternalId")));
            keys.add(key(
                    NativeS3FileSystemFactory.ASSUME_ROLE_SESSION_NAME.key(),
                    role.sessionName(),
                    "S3Storage.roleSessionName"));
            keys.add(key(
                    NativeS3FileSystemFactory.ASSUME_ROLE_SESSION_DURATION_SECONDS.key(),
                    Long.toString(role.sessionDuration().toSeconds()),
                    "S3Storage.roleSessionDuration"));
        });
    }

    private static void addLimits(List<Setting> keys, S3Settings s3) {
        keys.add(key(NativeS3FileSystemFactory.MAX_RETRIES.key(), Integer.toString(s3.retries()), "S3Storage.retries"));
        keys.add(key(
                NativeS3FileSystemFactory.MAX_CONNECTIONS.key(),
                Integer.toString(s3.connections()),
                "S3Storage.connections"));
        keys.add(key(
                NativeS3FileSystemFactory.CONNECTION_TIMEOUT.key(),
                s3.connectTimeout().toMillis() + " ms",
                "S3Storage.connectTimeout"));
        keys.add(key(
                NativeS3FileSystemFactory.SOCKET_TIMEOUT.key(),
                s3.socketTimeout().toMillis() + " ms",
                "S3Storage.socketTimeout"));
    }

    /** Returns all that a file system needs in this JVM: the keys, the credentials, and where to spool. */
    static Configuration configuration(S3Settings s3, Optional<S3Credentials> credentials, String spoolDirectory) {
        Configuration configuration = new Configuration();
        settings(s3).forEach(setting -> configuration.setString(setting.key(), setting.value()));
        credentials.ifPresent(user -> {
            configuration.set(NativeS3FileSystemFactory.ACCESS_KEY, user.accessKey());
            configuration.set(NativeS3FileSystemFactory.SECRET_KEY, user.secretKey());
        });
        configuration.set(CoreOptions.TMP_DIRS, spoolDirectory);
        return configuration;
    }

    private static Setting key(String key, String value, String reason) {
        return new Setting(key, value, Layer.STORAGE, reason);
    }
}
