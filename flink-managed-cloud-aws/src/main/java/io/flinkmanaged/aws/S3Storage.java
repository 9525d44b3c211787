package io.flinkmanaged.aws;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.SecretRef;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.bucket.BucketNames;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * State in a bucket of Amazon S3, or of a server that speaks its protocol and knows conditional writes ({@code
 * If-None-Match}).
 *
 * <pre>{@code
 * StorageLocation state = S3Storage.bucket("acme-flink-state")
 *         .region("eu-central-1")
 *         .prefix("production")
 *         .build();
 * Checkpointing.every(Duration.ofMinutes(1)).to(state);
 * }</pre>
 *
 * <p>Credentials are those of the AWS SDK's default chain unless {@link #credentials} or {@link #profile} says otherwise;
 * {@link #assumeRole} exchanges them for a role's. Needed permissions: {@code s3:ListBucket} on the bucket, {@code
 * s3:GetObject}, {@code s3:PutObject}, {@code s3:DeleteObject} and {@code s3:AbortMultipartUpload} on its objects, and
 * with a KMS key of one's own {@code kms:GenerateDataKey} and {@code kms:Decrypt}.
 * With {@code s3:GetLifecycleConfiguration}, {@code s3:GetBucketVersioning} and {@code s3:GetEncryptionConfiguration} a
 * launch also looks for settings of the bucket that will be regretted, such as a rule that deletes state, and gives advice.
 *
 * <p>Limits of Flink 2.3's file system: a state file is spooled to a local directory and sent in one piece, which Amazon
 * ends at 5 GiB ({@code ManagedFlink.check} advises where a plan has room for more); there is no session token for static
 * credentials.
 *
 * <p>A builder; not thread-safe.
 */
public final class S3Storage {

    /** The scheme of its URIs. */
    public static final String SCHEME = "s3";

    private final String bucket;
    private String prefix = "";
    private final Map<String, String> options = new TreeMap<>();

    private S3Storage(String bucket) {
        this.bucket = bucket;
    }

    /**
     * Begins a location.
     *
     * @param name the bucket, which exists; by Amazon's rules for names, and with a letter after its last dot, if it has
     *     one, as Flink reads it as the host of a URI
     */
    public static S3Storage bucket(String name) {
        S3Names.brokenByBucket(name).ifPresent(expected -> {
            throw InvalidInputException.of("bucket", name, expected, "Use a bucket with such a name.");
        });
        return new S3Storage(name);
    }

    /**
     * Sets where in the bucket the state lies. By default at its top.
     *
     * @param segments letters, digits and {@code !_.*'()=-}, separated by single slashes; at most 512 characters
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage prefix(String segments) {
        BucketNames.brokenByPrefix(segments).ifPresent(expected -> {
            throw InvalidInputException.of("prefix", segments, expected, "Leave out other characters.");
        });
        this.prefix = segments;
        return this;
    }

    /**
     * Sets the bucket's region. Required, also with an endpoint: signatures are made for it.
     *
     * @param code such as {@code eu-central-1}; what another vendor's server expects, often {@code us-east-1}
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage region(String code) {
        return set(S3Option.REGION, code);
    }

    /**
     * Sets the address of another server than Amazon's. By default the region's.
     *
     * @param address scheme, host and perhaps port
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage endpoint(URI address) {
        return set(S3Option.ENDPOINT, address.toString());
    }

    /**
     * Names the bucket in the path of requests instead of the host, as most other servers than Amazon's need it. By
     * default not.
     *
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage pathStyle() {
        return set(S3Option.PATH_STYLE, "true");
    }

    /**
     * Sets a user's access key. By default the SDK's default chain finds credentials: system properties, environment,
     * web identity, profile, container, instance.
     *
     * @param accessKey where the id of the key is to be had when a cluster is launched
     * @param secretKey where its secret is to be had then
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage credentials(SecretRef accessKey, SecretRef secretKey) {
        return set(S3Option.ACCESS_KEY, accessKey.toString()).set(S3Option.SECRET_KEY, secretKey.toString());
    }

    /**
     * Takes credentials from a profile of {@code ~/.aws/credentials} or {@code ~/.aws/config}, read when a cluster is
     * launched. It must give an access key without a session token, since Flink's file system takes no other.
     *
     * @param name the profile
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage profile(String name) {
        return set(S3Option.PROFILE, name);
    }

    /**
     * Exchanges the credentials for those of a role, at the region's STS, for an hour at a time by default.
     *
     * <p>Another vendor's STS is set for the process, by the AWS SDK's system property {@code aws.endpointUrlSts} or its
     * variable {@code AWS_ENDPOINT_URL_STS}: Flink's file system has no key for it.
     *
     * <p>Keep the loggers {@code software.amazon.awssdk.http.auth} and {@code
     * org.apache.flink.fs.s3native.shaded.software.amazon.awssdk.http.auth} above DEBUG, where they write the session's token
     * with each request. In clusters that are processes they are.
     *
     * @param arn such as {@code arn:aws:iam::123456789012:role/flink-state}
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage assumeRole(String arn) {
        return set(S3Option.ROLE, arn);
    }

    /**
     * Sets the external id that the role's trust policy asks for. By default none.
     *
     * @param externalId 2..1224 characters
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage roleExternalId(String externalId) {
        return set(S3Option.ROLE_EXTERNAL_ID, externalId);
    }

    /**
     * Sets the name under which the role's sessions appear in audits.
     *
     * @param name 2..64 letters, digits and {@code +=,.@_-}; {@code flink-managed} by default
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage roleSessionName(String name) {
        return set(S3Option.ROLE_SESSION_NAME, name);
    }

    /**
     * Sets how long one of the role's sessions holds; a new one begins by itself.
     *
     * @param duration 15 minutes to 12 hours, and no more than the role allows; 1 hour by default
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage roleSessionDuration(Duration duration) {
        return set(S3Option.ROLE_SESSION_DURATION, duration.toString());
    }

    /**
     * Asks for encryption with keys that S3 keeps (SSE-S3). By default nothing is asked for, and the bucket's own default
     * holds, which at Amazon is the same.
     *
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage encryptedByS3() {
        return set(S3Option.ENCRYPTION, "sse-s3");
    }

    /**
     * Asks for encryption with a key of AWS KMS (SSE-KMS).
     *
     * @param key its ARN, id or alias ({@code alias/…})
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage encryptedByKms(String key) {
        return set(S3Option.ENCRYPTION, "sse-kms").set(S3Option.KMS_KEY, key);
    }

    /**
     * Sets how often a request is tried again that failed for the network's or the server's sake, with growing pauses.
     *
     * @param count 0..20; 3 by default
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage retries(int count) {
        return set(S3Option.RETRIES, Integer.toString(count));
    }

    /**
     * Sets how many connections Flink's file system may have open in a process.
     *
     * @param most 1..1000; 50 by default
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage connections(int most) {
        return set(S3Option.CONNECTIONS, Integer.toString(most));
    }

    /**
     * Sets how long a connection may take to be made.
     *
     * @param timeout 100 milliseconds to 10 minutes; 10 seconds by default (Flink's own default is 60)
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage connectTimeout(Duration timeout) {
        return set(S3Option.CONNECT_TIMEOUT, timeout.toString());
    }

    /**
     * Sets how long a connection may be silent while an answer is awaited.
     *
     * @param timeout 100 milliseconds to 10 minutes; 30 seconds by default (Flink's own default is 60)
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage socketTimeout(Duration timeout) {
        return set(S3Option.SOCKET_TIMEOUT, timeout.toString());
    }

    /**
     * Sends uploads in one signed piece instead of Amazon's signed chunks, for servers that do not know these. By default
     * in chunks.
     *
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage plainUploads() {
        return set(S3Option.CHUNKED_UPLOADS, "false");
    }

    /**
     * Sets where state files are spooled before they are sent, if clusters run in this JVM; processes use their own
     * temporary directory. It must hold all state files that are written at one time, each whole.
     *
     * @param directory a local directory; a new one below {@code java.io.tmpdir} by default
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage spoolDirectory(Path directory) {
        return set(S3Option.SPOOL_DIRECTORY, directory.toAbsolutePath().toString());
    }

    /**
     * Lets jobs write to this bucket with Flink's {@code FileSink}, although Flink 2.3's file system loses data of a file
     * that was in progress when the job failed: bytes written before the last checkpoint are missing in the file that the
     * recovered job finishes (FLINK-39778), or the recovery fails (FLINK-40595). By default such a sink is refused with
     * this reason. Checkpoints and savepoints are not concerned.
     *
     * @return this
     */
    @CanIgnoreReturnValue
    public S3Storage acceptFileSinkThatLosesDataOnRecovery() {
        return set(S3Option.LOSSY_FILE_SINK, "true");
    }

    /**
     * Returns the location.
     *
     * @return plain data, without a secret
     * @throws InvalidInputException if something is missing, malformed or contradictory: all of it at once
     */
    public StorageLocation build() {
        URI uri = URI.create(SCHEME + "://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix));
        StorageLocation location = new StorageLocation(uri, new TreeMap<>(options));
        S3Settings unused = S3Settings.of(location);
        return location;
    }

    @CanIgnoreReturnValue
    private S3Storage set(S3Option option, String value) {
        options.put(option.key(), value);
        return this;
    }
}
