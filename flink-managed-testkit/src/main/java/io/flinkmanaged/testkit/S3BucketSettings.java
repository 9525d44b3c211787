package io.flinkmanaged.testkit;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a bucket of an {@link EmbeddedS3} says of itself when it is asked for its encryption, versioning and lifecycle. It
 * only says so: nothing is encrypted, kept or deleted by it. A value: each method returns another one.
 */
public final class S3BucketSettings {

    /** A bucket as it was before 2023: nothing is set. */
    public static final S3BucketSettings NONE = new S3BucketSettings(true, "", "", "");

    /** The server does not know such questions, as many that are not Amazon's: {@code NotImplemented}. */
    public static final S3BucketSettings UNKNOWN = new S3BucketSettings(false, "", "", "");

    private static final List<String> QUESTIONS = List.of("encryption", "lifecycle", "versioning");
    private static final String NAMESPACE = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";

    private final boolean known;
    private final String encryption;
    private final String versioning;
    private final String rules;

    private S3BucketSettings(boolean known, String encryption, String versioning, String rules) {
        this.known = known;
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
                true,
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
        return new S3BucketSettings(true, encryption, "<Status>Enabled</Status>", rules);
    }

    /**
     * Adds a lifecycle rule.
     *
     * @param content what is within its {@code <Rule>}, as Amazon's API has it
     * @return the other settings
     */
    public S3BucketSettings rule(String content) {
        return new S3BucketSettings(true, encryption, versioning, rules + "<Rule>" + content + "</Rule>");
    }

    /** Answers a question for one of the settings, whoever asks: the server behind, which checks signatures, knows none. */
    Optional<HttpAnswer> answer(S3Request request) {
        return request.is(S3Operation.BUCKET)
                ? QUESTIONS.stream()
                        .filter(request.query()::containsKey)
                        .findFirst()
                        .map(this::answer)
                : Optional.empty();
    }

    private HttpAnswer answer(String question) {
        if (!known) {
            return HttpAnswer.error(501, "NotImplemented", "A header or parameter is not implemented.", Map.of());
        }
        return switch (question) {
            case "encryption" ->
                answer(
                        "ServerSideEncryptionConfiguration",
                        encryption,
                        "ServerSideEncryptionConfigurationNotFoundError");
            case "lifecycle" -> answer("LifecycleConfiguration", rules, "NoSuchLifecycleConfiguration");
            default -> document("VersioningConfiguration", versioning);
        };
    }

    private static HttpAnswer answer(String name, String content, String absent) {
        return content.isEmpty()
                ? HttpAnswer.error(404, absent, "The bucket has no such configuration.", Map.of())
                : document(name, content);
    }

    private static HttpAnswer document(String name, String content) {
        return HttpAnswer.xml(200, "<" + name + NAMESPACE + ">" + content + "</" + name + ">");
    }
}
