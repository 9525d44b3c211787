package io.flinkmanaged.job;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.storage.PointKind;
import io.flinkmanaged.storage.PointReader;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StoredFile;
import io.flinkmanaged.storage.StoredPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at a job in the state storage: one listing of all its files, and one read for each checkpoint and savepoint. Needs
 * neither cluster nor journal. Stateless and thread-safe.
 */
public final class StoredJobReader {

    /** How Flink names them: AbstractFsCheckpointStorageAccess, below the directories that an attempt is given. */
    private static final Pattern POINT =
            Pattern.compile("(?:checkpoints/[^/]+/chk-(\\d{1,18})|savepoints/[^/]+)/" + PointReader.METADATA);

    private final StateStorage storage;
    private final ClusterName cluster;
    private final JobStore store;

    /**
     * Creates a reader.
     *
     * @param storage where the jobs are; not closed by this
     * @param cluster their cluster
     */
    public StoredJobReader(StateStorage storage, ClusterName cluster) {
        this.storage = storage;
        this.cluster = cluster;
        this.store = new JobStore(storage, cluster);
    }

    /**
     * Looks at a job.
     *
     * @param segment the job's {@link io.flinkmanaged.model.JobName#pathSegment()}
     * @return what is there; no attempts if the job is not known
     * @throws StorageException if the storage did not answer: then nothing is known
     */
    public StoredJob read(String segment) {
        List<StoredAttempt> attempts = attempts(segment);
        Optional<JobAttempt> last = store.lastAttempt(segment);
        return new StoredJob(segment, attempts, last, last.flatMap(store::endOf));
    }

    /**
     * Looks at the attempts of a job, but not at what their records say: finding all their points costs no other request
     * than the listing.
     *
     * @param segment the job's {@link io.flinkmanaged.model.JobName#pathSegment()}
     * @return the oldest first; empty if the job is not known
     * @throws StorageException if the storage did not answer: then nothing is known
     */
    public List<StoredAttempt> attempts(String segment) {
        String directory = cluster + "/jobs/" + segment + "/";
        List<StoredFile> files = storage.files(cluster + "/jobs/" + segment);
        Map<AttemptId, List<StoredFile>> byAttempt = new TreeMap<>();
        for (StoredFile file : files) {
            String name = file.path().substring(directory.length());
            AttemptId.parse(name.substring(0, Math.max(0, name.indexOf('/')))).ifPresent(id -> byAttempt
                    .computeIfAbsent(id, ignored -> new ArrayList<>())
                    .add(file));
        }
        PointReader reader = new PointReader(storage, files);
        return byAttempt.entrySet().stream()
                .map(attempt -> attempt(directory + attempt.getKey() + "/", attempt, reader))
                .toList();
    }

    private static StoredAttempt attempt(
            String directory, Map.Entry<AttemptId, List<StoredFile>> attempt, PointReader reader) {
        List<StoredPoint> points = new ArrayList<>();
        boolean recorded = false;
        boolean ended = false;
        for (StoredFile file : attempt.getValue()) {
            String name = file.path().substring(directory.length());
            Matcher point = POINT.matcher(name);
            if (point.matches()) {
                read(file, Optional.ofNullable(point.group(1)), reader).ifPresent(points::add);
            }
            recorded |= name.equals(JobStore.BEGINNING);
            ended |= name.equals(JobStore.END);
        }
        return new StoredAttempt(attempt.getKey(), recorded, ended, attempt.getValue(), points);
    }

    private static Optional<StoredPoint> read(StoredFile metadata, Optional<String> number, PointReader reader) {
        return number.isPresent()
                ? reader.read(metadata, PointKind.CHECKPOINT, OptionalLong.of(Long.parseLong(number.get())))
                : reader.read(metadata, PointKind.SAVEPOINT, OptionalLong.empty());
    }
}
