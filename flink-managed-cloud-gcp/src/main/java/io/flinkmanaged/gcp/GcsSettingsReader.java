package io.flinkmanaged.gcp;

import io.flinkmanaged.gcp.GcsSettings.CredentialKind;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.bucket.BucketNames;
import io.flinkmanaged.storage.bucket.LocationReader;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.MemorySize;

/** Reads a GCS location and collects everything that is wrong with it. */
final class GcsSettingsReader {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    /** Google's unit of a resumable upload. */
    private static final long UNIT = 256 << 10;

    private static final long LARGEST_CHUNK = 256L << 20;

    private final LocationReader reader;

    GcsSettingsReader(StorageLocation location) {
        this.reader = new LocationReader(location);
    }

    GcsSettings read() {
        reader.refuseUnknown(GcsOption.keys());
        GcsSettings settings = new GcsSettings(
                reader.address(GcsNames::brokenByBucket),
                reader.judged(
                        GcsOption.PROJECT.key(), GcsNames::brokenByProject, "Copy the project's id, not its name."),
                reader.judged(
                                GcsOption.ENDPOINT.key(),
                                BucketNames::brokenByEndpoint,
                                "Name the bucket in the URI, not here.")
                        .map(URI::create),
                credentials(),
                keyFile(),
                reader.judged(
                        GcsOption.KMS_KEY.key(),
                        GcsNames::brokenByKmsKey,
                        "Copy the key's resource name from Cloud KMS."),
                reader.number(GcsOption.RETRIES.key(), GcsSettings.RETRIES, 0, 20),
                reader.duration(GcsOption.CONNECT_TIMEOUT.key(), GcsSettings.CONNECT_TIMEOUT, SHORTEST, LONGEST),
                reader.duration(GcsOption.READ_TIMEOUT.key(), GcsSettings.READ_TIMEOUT, SHORTEST, LONGEST),
                uploadChunk(),
                reader.flag(GcsOption.DIRECTORY_CHECKS.key(), false));
        reader.requireSound();
        return settings;
    }

    private CredentialKind credentials() {
        List<CredentialKind> wanted = new ArrayList<>();
        if (reader.text(GcsOption.KEY_FILE.key()).isPresent()) {
            wanted.add(CredentialKind.KEY_FILE);
        }
        if (reader.flag(GcsOption.WORKLOAD_IDENTITY.key(), false)) {
            wanted.add(CredentialKind.WORKLOAD_IDENTITY);
        }
        if (reader.flag(GcsOption.ANONYMOUS.key(), false)) {
            wanted.add(CredentialKind.NONE);
        }
        if (wanted.size() > 1) {
            reader.complain(
                    "credentials",
                    wanted.toString(),
                    "one kind of credentials",
                    "Keep one of key-file, workload-identity and without-credentials, or none of them for the default.");
        }
        return wanted.isEmpty() ? CredentialKind.DEFAULT : wanted.get(0);
    }

    /** Not shown when it is refused: somebody may have put the key in the place of its path. */
    private Optional<Path> keyFile() {
        Optional<String> path = reader.text(GcsOption.KEY_FILE.key());
        Optional<String> broken = path.flatMap(GcsNames::brokenByKeyFile);
        broken.ifPresent(expected -> reader.complain(
                GcsOption.KEY_FILE.key(),
                "…",
                expected,
                "Save the key in a file that only this user can read, name the file, and revoke a key that was written "
                        + "down elsewhere."));
        return broken.isPresent() ? Optional.empty() : path.map(Path::of);
    }

    private MemorySize uploadChunk() {
        Optional<String> text = reader.text(GcsOption.UPLOAD_CHUNK.key());
        if (text.isEmpty()) {
            return GcsSettings.UPLOAD_CHUNK;
        }
        try {
            MemorySize size = MemorySize.parse(text.get());
            long bytes = size.getBytes();
            if (bytes >= UNIT && bytes <= LARGEST_CHUNK && bytes % UNIT == 0) {
                return size;
            }
        } catch (IllegalArgumentException e) {
            // The same complaint.
        }
        reader.complain(
                GcsOption.UPLOAD_CHUNK.key(),
                text.get(),
                "256 kb..256 mb, a multiple of 256 kb",
                "The default is " + GcsSettings.UPLOAD_CHUNK + ".");
        return GcsSettings.UPLOAD_CHUNK;
    }
}
