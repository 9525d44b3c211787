package io.flinkmanaged.aws;

import io.flinkmanaged.aws.S3Settings.Role;
import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.bucket.BucketPreflight;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/** Clients of the AWS SDK for what Flink's file system cannot do. */
final class S3Clients {

    private S3Clients() {}

    /**
     * Opens a client.
     *
     * @param closing takes what must be closed
     */
    static S3Client open(S3Settings s3, Optional<S3Credentials> credentials, TearDown closing) {
        return open(s3, credentials, s3.connectTimeout(), s3.socketTimeout(), s3.retries(), closing);
    }

    /** Uses a client that waits little and is closed at once. */
    static void briefly(S3Settings s3, Optional<S3Credentials> credentials, Consumer<S3Client> use) {
        TearDown opened = new TearDown();
        Duration connecting = BucketPreflight.patience(s3.connectTimeout());
        Duration silent = BucketPreflight.patience(s3.socketTimeout());
        S3Client client = open(s3, credentials, connecting, silent, BucketPreflight.RETRIES, opened);
        try {
            use.accept(client);
        } catch (RuntimeException e) {
            opened.after(e);
            throw e;
        }
        close(opened, s3);
    }

    private static void close(TearDown opened, S3Settings s3) {
        try {
            opened.run();
        } catch (Exception e) {
            throw new StorageException(
                    "bucket " + s3.bucket() + ": the client of the preflight was not closed cleanly (expected: all "
                            + "connections given back): " + e,
                    e);
        }
    }

    private static S3Client open(
            S3Settings s3,
            Optional<S3Credentials> credentials,
            Duration connectTimeout,
            Duration socketTimeout,
            int retries,
            TearDown closing) {
        SdkHttpClient http = UrlConnectionHttpClient.builder()
                .connectionTimeout(connectTimeout)
                .socketTimeout(socketTimeout)
                .build();
        closing.add(http);
        RetryStrategy retry = AwsRetryStrategy.forRetryMode(RetryMode.STANDARD).toBuilder()
                .maxAttempts(retries + 1)
                .build();
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(s3.region()))
                .forcePathStyle(s3.pathStyle())
                .serviceConfiguration(S3Configuration.builder()
                        .chunkedEncodingEnabled(s3.chunkedUploads())
                        .build())
                .credentialsProvider(provider(s3, credentials, http, closing))
                .overrideConfiguration(override -> override.retryStrategy(retry))
                .httpClient(http);
        s3.endpoint().ifPresent(builder::endpointOverride);
        S3Client client = builder.build();
        closing.add(client);
        return client;
    }

    private static AwsCredentialsProvider provider(
            S3Settings s3, Optional<S3Credentials> credentials, SdkHttpClient http, TearDown closing) {
        AwsCredentialsProvider own = credentials.map(S3Clients::ofUser).orElseGet(() -> ofDefaultChain(closing));
        return s3.role()
                .map(role -> ofRole(role, own, Region.of(s3.region()), http, closing))
                .orElse(own);
    }

    private static AwsCredentialsProvider ofUser(S3Credentials user) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(user.accessKey(), user.secretKey()));
    }

    private static AwsCredentialsProvider ofDefaultChain(TearDown closing) {
        DefaultCredentialsProvider chain = DefaultCredentialsProvider.builder().build();
        closing.add(chain);
        return chain;
    }

    private static AwsCredentialsProvider ofRole(
            Role role, AwsCredentialsProvider own, Region region, SdkHttpClient http, TearDown closing) {
        StsClient sts = StsClient.builder()
                .region(region)
                .credentialsProvider(own)
                .httpClient(http)
                .build();
        closing.add(sts);
        StsAssumeRoleCredentialsProvider provider = StsAssumeRoleCredentialsProvider.builder()
                .stsClient(sts)
                .refreshRequest(request -> request.roleArn(role.arn())
                        .roleSessionName(role.sessionName())
                        .externalId(role.externalId().orElse(null))
                        .durationSeconds((int) role.sessionDuration().toSeconds()))
                .build();
        closing.add(provider);
        return provider;
    }
}
