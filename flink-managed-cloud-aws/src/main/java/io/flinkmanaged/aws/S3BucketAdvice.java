package io.flinkmanaged.aws;

import io.flinkmanaged.aws.S3Settings.Encryption;
import io.flinkmanaged.model.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

/**
 * What of a bucket's own settings will be regretted, as far as the server tells: three questions, none of which has to be
 * answered. A user that may use the bucket often may not ask for its settings, and other servers than Amazon's do not know
 * them.
 */
final class S3BucketAdvice {

    private static final Logger LOG = LoggerFactory.getLogger(S3BucketAdvice.class);

    private final S3Settings s3;
    private final S3Client client;
    private final List<Finding> advice = new ArrayList<>();
    private boolean reachable = true;

    private S3BucketAdvice(S3Settings s3, S3Client client) {
        this.s3 = s3;
        this.client = client;
    }

    /**
     * Asks for a bucket's settings.
     *
     * @param client asks with little patience
     */
    static List<Finding> of(S3Settings s3, S3Client client) {
        S3BucketAdvice asking = new S3BucketAdvice(s3, client);
        asking.judgeEncryption();
        asking.judgeLifecycle();
        return asking.advice;
    }

    private void judgeEncryption() {
        Answer<GetBucketEncryptionResponse> answer =
                ask("encryption", () -> client.getBucketEncryption(get -> get.bucket(s3.bucket())));
        if (answer.is("ServerSideEncryptionConfigurationNotFoundError") && s3.encryption() == Encryption.NONE) {
            advise(
                    "encryption of bucket " + s3.bucket(),
                    "none",
                    "state that is encrypted where it lies",
                    "Use S3Storage.encryptedByS3() or encryptedByKms(…), or set the bucket's default encryption.");
        }
        answer.told()
                .filter(told -> told.serverSideEncryptionConfiguration().rules().stream()
                        .anyMatch(S3BucketAdvice::asksKmsForEachObject))
                .ifPresent(told -> advise(
                        "encryption of bucket " + s3.bucket(),
                        "aws:kms without a bucket key",
                        "a bucket key, since without one each state file that is written or read is a request to KMS, "
                                + "which costs and is throttled",
                        "Set BucketKeyEnabled in the bucket's default encryption."));
    }

    private static boolean asksKmsForEachObject(ServerSideEncryptionRule rule) {
        return rule.applyServerSideEncryptionByDefault() != null
                && rule.applyServerSideEncryptionByDefault().sseAlgorithm() == ServerSideEncryption.AWS_KMS
                && !Boolean.TRUE.equals(rule.bucketKeyEnabled());
    }

    private void judgeLifecycle() {
        Answer<List<S3LifecycleRule>> answer = ask("lifecycle", this::rules);
        if (answer.isForbidden()) {
            advise(
                    "lifecycle of bucket " + s3.bucket(),
                    "not known",
                    "permission s3:GetLifecycleConfiguration, to see whether a rule would delete state",
                    "Grant it, or make sure that no rule expires what is below " + place() + ".");
        }
        Optional<List<S3LifecycleRule>> known =
                answer.is("NoSuchLifecycleConfiguration") ? Optional.of(List.of()) : answer.told();
        known.ifPresent(rules -> {
            rules.stream().filter(rule -> rule.touches(prefix())).forEach(this::judge);
            if (rules.stream().noneMatch(rule -> rule.covers(prefix()) && rule.abortsStaleUploads())) {
                advise(
                        "lifecycle of bucket " + s3.bucket(),
                        "no rule that aborts stale uploads",
                        "one, since parts of uploads that nobody finished are invisible, stay and cost",
                        "Add a rule with AbortIncompleteMultipartUpload after 7 days. Flink's checkpoints begin no such "
                                + "uploads; sinks and other programs do.");
            }
        });
        if (isVersioned() && known.map(this::keepsFormerVersions).orElse(true)) {
            advise(
                    "versioning of bucket " + s3.bucket(),
                    "enabled",
                    "a rule that deletes former versions below " + place()
                            + ", since each checkpoint that Flink deletes stays as one and costs for ever",
                    "Add a lifecycle rule with NoncurrentVersionExpiration after a few days, or use a bucket without "
                            + "versioning.");
        }
    }

    private List<S3LifecycleRule> rules() {
        return client.getBucketLifecycleConfiguration(get -> get.bucket(s3.bucket())).rules().stream()
                .map(S3LifecycleRule::new)
                .toList();
    }

    /** Flink's files live as long as a checkpoint needs them, however old they are. */
    private void judge(S3LifecycleRule rule) {
        rule.expiry()
                .ifPresent(when -> advise(
                        "lifecycle of bucket " + s3.bucket(),
                        "rule " + rule.name() + " deletes objects " + when,
                        "no rule that deletes what is below " + place()
                                + ": state that is in use can be of any age, and "
                                + "without it a job cannot be recovered",
                        "Restrict the rule to another prefix, or disable it. Old state is deleted by "
                                + "StoredCluster.planRetention(…)."));
        rule.archive()
                .ifPresent(where -> advise(
                        "lifecycle of bucket " + s3.bucket(),
                        "rule " + rule.name() + " moves objects to " + where,
                        "a storage class that can be read at once below " + place() + ": a recovery waits for nobody",
                        "Restrict the rule to another prefix, or move them to GLACIER_IR or STANDARD_IA."));
    }

    private boolean isVersioned() {
        return ask("versioning", () -> client.getBucketVersioning(get -> get.bucket(s3.bucket())))
                .told()
                .filter(told -> told.status() == BucketVersioningStatus.ENABLED)
                .isPresent();
    }

    private boolean keepsFormerVersions(List<S3LifecycleRule> rules) {
        return rules.stream().noneMatch(rule -> rule.covers(prefix()) && rule.deletesFormerVersions());
    }

    private String prefix() {
        return s3.address().keyOf("");
    }

    private String place() {
        return s3.address().uriOfKey(prefix());
    }

    /** Once one question is not answered at all, the others are not asked: a person waits. */
    private <T> Answer<T> ask(String what, Supplier<T> question) {
        if (!reachable) {
            return new Answer<>(Optional.empty(), "", 0);
        }
        try {
            return new Answer<>(Optional.of(question.get()), "", 200);
        } catch (AwsServiceException e) {
            LOG.debug("Bucket {} does not tell its {}: {}", s3.bucket(), what, S3Refusal.code(e));
            return new Answer<>(Optional.empty(), S3Refusal.code(e), e.statusCode());
        } catch (SdkException e) {
            LOG.debug("Bucket {} does not answer when asked for its {}: {}", s3.bucket(), what, e.toString());
            reachable = false;
            return new Answer<>(Optional.empty(), "", 0);
        }
    }

    private void advise(String subject, String value, String expected, String remedy) {
        advice.add(new Finding(subject, value, expected, remedy).asAdvice());
    }

    /** What became of a question. */
    private record Answer<T>(Optional<T> told, String code, int status) {

        boolean is(String word) {
            return code.equals(word);
        }

        boolean isForbidden() {
            return status == 403;
        }
    }
}
