package io.flinkmanaged.gcp;

import io.flinkmanaged.gcp.GcsAnswer.GcsError;
import io.flinkmanaged.gcp.GcsSettings.CredentialKind;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.bucket.NetworkVerdict;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what GCS or the way to it refuses into something that a person can act on. */
final class GcsRefusal {

    private static final Pattern PERMISSION = Pattern.compile("storage\\.(objects|buckets)\\.\\w+");

    private final GcsSettings gcs;

    GcsRefusal(GcsSettings gcs) {
        this.gcs = gcs;
    }

    /** Returns the exception for a request that was refused; the key is the object's, or the prefix of a listing. */
    StorageException of(GcsAction action, String key, GcsAnswer answer) {
        return refuse(action, key, judge(action, answer), null);
    }

    /** Returns the exception for a request that was not answered. */
    StorageException of(GcsAction action, String key, IOException cause) {
        return refuse(action, key, judge(cause), cause);
    }

    private StorageException refuse(GcsAction action, String key, Finding finding, @Nullable IOException cause) {
        String place = "storage " + gcs.address().uriOfKey(key);
        return new StorageException(place + ": cannot " + action.verb() + ". " + finding, cause);
    }

    private Finding judge(GcsAction action, GcsAnswer answer) {
        GcsError error = answer.error();
        String message = error.message().toLowerCase(Locale.ROOT);
        if (answer.tellsThatTheBucketIsMissing()) {
            return new Finding(
                    "bucket",
                    gcs.bucket(),
                    "a bucket that exists"
                            + gcs.endpoint().map(at -> " at " + at).orElse(""),
                    "Create it, or correct its name.");
        }
        if (message.contains("kms") && (answer.status() == 403 || answer.status() == 400)) {
            return new Finding(
                    "key of the bucket",
                    error.reason(),
                    "a key in Cloud KMS that is enabled and that Cloud Storage may use",
                    "Enable it, and grant roles/cloudkms.cryptoKeyEncrypterDecrypter to the project's Cloud Storage "
                            + "service agent.");
        }
        if (answer.status() == 401) {
            return new Finding(
                    "credentials",
                    gcs.credentials() == CredentialKind.NONE ? "none" : error.reason(),
                    "credentials that the server takes",
                    gcs.credentials() == CredentialKind.NONE
                            ? "Use keyFile(…) or workloadIdentity(), or the default."
                            : "Use a key that is not revoked, of an account that is not disabled.");
        }
        if (answer.status() == 403) {
            return forbidden(action, error);
        }
        if (answer.status() == 400 && message.contains("crc32c")) {
            return changedContent();
        }
        return new Finding(
                "answer of the server",
                answer.status() + " " + error.reason(),
                "success",
                answer.isPassing() ? "Try again when it is less busy." : "It says: " + error.message());
    }

    private static Finding forbidden(GcsAction action, GcsError error) {
        if (error.reason().equals("accountDisabled") || error.message().contains("billing")) {
            return new Finding(
                    "project",
                    error.reason(),
                    "a project whose billing is on",
                    "Turn billing on, or use another bucket.");
        }
        Matcher named = PERMISSION.matcher(error.message());
        return new Finding(
                "permission",
                error.reason(),
                named.find() ? named.group() : action.permission(),
                "Grant a role that has it on the bucket, such as roles/storage.objectUser.");
    }

    static Finding changedContent() {
        return new Finding(
                "content",
                "other bytes than were written",
                "the bytes that were written last",
                "Something between changes or remembers answers: go around the proxy or cache.");
    }

    /** Whether nobody gave us a token, for a reason that does not pass by itself. */
    static boolean isOfCredentials(IOException cause) {
        String text = chain(cause);
        return text.contains("invalid_grant")
                || text.contains("invalid_client")
                || text.contains("cannot find the metadata");
    }

    private Finding judge(IOException cause) {
        String text = chain(cause);
        if (text.contains("invalid_grant") && (text.contains("iat") || text.contains("reasonable timeframe"))) {
            return new Finding(
                    "clock of this machine",
                    "refused by Google's token server",
                    "no more than a few minutes from the server's",
                    "Synchronize it, with NTP for example.");
        }
        if (text.contains("invalid_grant") || text.contains("invalid_client")) {
            return new Finding(
                    "credentials",
                    text.contains("account not found")
                            ? "of an account that is not found"
                            : "refused by the token server",
                    "a key that exists and an account that is enabled",
                    "The key was revoked, or is another account's: create a new one.");
        }
        if (text.contains("cannot find the metadata")) {
            return new Finding(
                    "credentials",
                    "none",
                    "a metadata server, as on Compute Engine and GKE, or the file that " + GcsCredentials.VARIABLE
                            + " names",
                    "Set that variable, or use GcsStorage.keyFile(…).");
        }
        return NetworkVerdict.of(cause, gcs.server().toString())
                .orElseGet(() -> new Finding(
                        "endpoint",
                        gcs.server().toString(),
                        "a whole answer",
                        "Look at the network between: " + Failures.rootCause(cause)));
    }

    private static String chain(Throwable failure) {
        StringBuilder text = new StringBuilder();
        Throwable current = failure;
        while (current != null && text.length() < 100_000) {
            text.append(current.getMessage()).append('\n');
            current = current.getCause() == current ? null : current.getCause();
        }
        return text.toString();
    }
}
