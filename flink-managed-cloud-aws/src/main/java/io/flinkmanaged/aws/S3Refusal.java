package io.flinkmanaged.aws;

import io.flinkmanaged.aws.S3Settings.Encryption;
import io.flinkmanaged.aws.S3Settings.Role;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.bucket.NetworkVerdict;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.model.StsException;

/** Turns what the AWS SDK throws into something that a person can act on. */
final class S3Refusal {

    private static final Set<String> OTHER_REGION = Set.of(
            "PermanentRedirect",
            "TemporaryRedirect",
            "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException");
    private static final Set<String> STALE_TOKEN = Set.of("ExpiredToken", "InvalidToken", "TokenRefreshRequired");
    private static final Set<String> CLOCK = Set.of("RequestTimeTooSkewed", "RequestExpired");
    private static final Pattern EXPECTED_REGION = Pattern.compile("expecting '([^']+)'");

    private final S3Settings s3;

    S3Refusal(S3Settings s3) {
        this.s3 = s3;
    }

    /** Returns the exception for a request that failed; the key is the object's, or the prefix of a listing. */
    StorageException of(S3Action action, String key, SdkException cause) {
        Finding finding = cause instanceof AwsServiceException answered ? judge(action, answered) : judge(cause);
        String place = "storage s3://" + s3.bucket() + "/" + key;
        return new StorageException(place + ": cannot " + action.verb() + ". " + finding, cause);
    }

    private Finding judge(S3Action action, AwsServiceException cause) {
        String code = code(cause);
        int status = cause.statusCode();
        if (cause instanceof StsException) {
            return refusedRole(code, message(cause));
        }
        if (code.equals("NoSuchBucket")) {
            return new Finding(
                    "bucket",
                    s3.bucket(),
                    "a bucket that exists"
                            + s3.endpoint().map(at -> " at " + at).orElse(""),
                    "Create it in " + s3.region() + ", or correct its name.");
        }
        if (OTHER_REGION.contains(code) || status == 301) {
            return wrongRegion(cause);
        }
        if (code.equals("InvalidAccessKeyId")) {
            return new Finding(
                    "access key",
                    "unknown to the server",
                    "a key that is active",
                    "Use the key of a user that exists.");
        }
        if (code.equals("SignatureDoesNotMatch")) {
            return new Finding(
                    "secret key", "…", "the one that belongs to the access key", "Copy it again, without blanks.");
        }
        if (STALE_TOKEN.contains(code)) {
            return new Finding(
                    "session token",
                    code,
                    "a token that is valid",
                    "Log in again, or use credentials that renew themselves.");
        }
        if (CLOCK.contains(code)) {
            return new Finding(
                    "clock of this machine",
                    code,
                    "no more than 15 minutes from the server's",
                    "Synchronize it, with NTP for example.");
        }
        if (status == 403 || status == 401) {
            return new Finding(
                    "permission", code, needed(action), "Grant it to the user or role, in its policy or the bucket's.");
        }
        if (status == 501 || code.equals("NotImplemented")) {
            return new Finding("server", code, "one that knows this request of S3", "Use another server.");
        }
        return new Finding(
                "answer of the server",
                status + " " + code,
                "success",
                status >= 500 || status == 429
                        ? "Try again when it is less busy."
                        : "See the cause: " + message(cause));
    }

    /** The role was not assumed, so S3 was not even asked. */
    private Finding refusedRole(String code, String message) {
        return new Finding(
                "role",
                s3.role().map(Role::arn).orElse("of the default chain"),
                "a role that these credentials may assume",
                "Grant them sts:AssumeRole on it, name them in its trust policy, and set the external id and a duration "
                        + "that it allows. STS says " + code + ": " + message);
    }

    private Finding wrongRegion(AwsServiceException cause) {
        Optional<String> right = Optional.ofNullable(cause.awsErrorDetails())
                .map(AwsErrorDetails::sdkHttpResponse)
                .flatMap(answer -> answer.firstMatchingHeader("x-amz-bucket-region"));
        Matcher told = EXPECTED_REGION.matcher(message(cause));
        String expected = right.orElseGet(() -> told.find() ? told.group(1) : "the bucket's own");
        return new Finding("region", s3.region(), expected, "Set S3Storage.region(" + quoted(right, expected) + ").");
    }

    private static String quoted(Optional<String> known, String expected) {
        return known.isPresent() || !expected.contains(" ") ? "\"" + expected + "\"" : "…";
    }

    private String needed(S3Action action) {
        boolean encrypts =
                s3.encryption() == Encryption.SSE_KMS && action != S3Action.LIST && action != S3Action.DELETE;
        return action.permission()
                + (encrypts ? ", and kms:GenerateDataKey and kms:Decrypt on the key" : "")
                + (action == S3Action.READ ? "; without s3:ListBucket an absent object looks forbidden" : "");
    }

    private Finding judge(SdkException cause) {
        String at = s3.endpoint().map(Object::toString).orElse("S3 in " + s3.region());
        if (cause instanceof ApiCallTimeoutException || cause instanceof ApiCallAttemptTimeoutException) {
            return NetworkVerdict.late(at);
        }
        Optional<Finding> known = NetworkVerdict.of(cause, at);
        if (known.isPresent()) {
            return known.get();
        }
        if (String.valueOf(cause.getMessage()).contains("load credentials")) {
            return new Finding(
                    "credentials",
                    "none",
                    "credentials of the AWS SDK's default chain",
                    "Set them in the environment, a profile or the instance's role, or use S3Storage.credentials(…).");
        }
        if (String.valueOf(cause.getMessage()).contains("checksum")) {
            return new Finding(
                    "content",
                    "other bytes than were written",
                    "the bytes that were written last",
                    "Something between changes or remembers answers: go around the proxy or cache.");
        }
        return new Finding(
                "endpoint", at, "a whole answer", "Look at the network between: " + Failures.rootCause(cause));
    }

    /** S3's word for an error; a HEAD has none, as its answers have no body. */
    static String code(AwsServiceException cause) {
        return Optional.ofNullable(cause.awsErrorDetails())
                .map(AwsErrorDetails::errorCode)
                .orElse("status " + cause.statusCode());
    }

    private static String message(AwsServiceException cause) {
        return Optional.ofNullable(cause.awsErrorDetails())
                .map(AwsErrorDetails::errorMessage)
                .orElse("");
    }
}
