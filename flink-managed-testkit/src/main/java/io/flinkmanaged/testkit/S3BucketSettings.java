package io.flinkmanaged.testkit;

import java.util.Map;
import java.util.Optional;

/**
 * What a bucket of an {@link EmbeddedS3} says of itself when it is asked for its encryption, versioning and lifecycle. It
 * only says so: nothing is encrypted, kept or deleted by it. A value: each method returns another one.
 */
public final class S3BucketSettings {

    /** A bucket as it was before 2023: nothing is set. */
    public static final S3BucketSettings NONE = new S3BucketSettings("", "", "");

    private static final String NAMESPACE = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";

    private final String encryption;
    private final String versioning;
    private final String rules;

    private S3BucketSettings(String encryption, String versioning, String rules) {
        this.encryption = encryption;
        this.versioning = versioning;
        this.rules = rules;
    }

    /**
     * Encrypts new objects by default.
     *
     * @param algorithm {@code AES256} or {@code aws:kms}
     * @param bucketKey whether one key of the bucket stands between the objects and KMS
     * @return the other settings
     */
    public S3BucketSettings encryptedBy(String algorithm, boolean bucketKey) {
        return new S3BucketSettings(
                "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>" + algorithm
                        + "</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>" + bucketKey
                        + "</BucketKeyEnabled></Rule>",
                versioning,
                rules);
    }

    /**
     * Keeps former versions.
     *
     * @return the other settings
     */
    public S3BucketSettings versioned() {
        return new S3BucketSettings(encryption, "<Status>Enabled</Status>", rules);
    }

    /**
     * Adds a lifecycle rule.
     *
     * @param content what is within its {@code <Rule>}, as Amazon's API has it
     * @return the other settings
     */
    public S3BucketSettings rule(String content) {
        return new S3BucketSettings(encryption, versioning, rules + "<Rule>" + content + "</Rule>");
    }

    /** Answers a question for one of the settings. */
    Optional<HttpAnswer> answer(S3Request request) {
        Map<String, String> query = request.query();
        if (!request.is(S3Operation.BUCKET)) {
            return Optional.empty();
        }
        if (query.containsKey("encryption")) {
            return answer(
                    "ServerSideEncryptionConfiguration", encryption, "ServerSideEncryptionConfigurationNotFoundError");
        }
        if (query.containsKey("lifecycle")) {
            return answer("LifecycleConfiguration", rules, "NoSuchLifecycleConfiguration");
        }
        return query.containsKey("versioning")
                ? Optional.of(document("VersioningConfiguration", versioning))
                : Optional.empty();
    }

    private static Optional<HttpAnswer> answer(String name, String content, String absent) {
        return Optional.of(
                content.isEmpty()
                        ? HttpAnswer.error(404, absent, "The bucket has no such configuration.", Map.of())
                        : document(name, content));
    }

    private static HttpAnswer document(String name, String content) {
        return HttpAnswer.xml(200, "<" + name + NAMESPACE + ">" + content + "</" + name + ">");
    }
}
