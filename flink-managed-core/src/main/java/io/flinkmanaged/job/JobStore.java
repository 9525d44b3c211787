package io.flinkmanaged.job;

import io.flinkmanaged.flink.CorruptCheckpointException;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.storage.CheckpointSearch;
import io.flinkmanaged.storage.CompletePoint;
import io.flinkmanaged.storage.PointReader;
import io.flinkmanaged.storage.StateFileLimits;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StoredFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The jobs of a cluster as the state storage knows them: attempts, how they ended, and their checkpoints.
 *
 * <pre>
 * &lt;location&gt;/&lt;cluster&gt;/artifacts/&lt;sha256&gt;.plan, .jar
 * &lt;location&gt;/&lt;cluster&gt;/jobs/&lt;job&gt;/epoch-1-attempt-1/attempt.yaml, checkpointed.yaml, to-be-cancelled.yaml, to-be-halted.yaml, end.yaml, checkpoints/&lt;job id&gt;/chk-7, savepoints/
 * </pre>
 *
 * <p>Stateless and thread-safe.
 */
public final class JobStore {

    static final String BEGINNING = "attempt.yaml";
    static final String END = "end.yaml";

    private final StateStorage storage;
    private final String cluster;
    private final ClusterName name;
    private final ArtifactStore artifacts;
    private final AttemptNotes notes;

    /**
     * Creates a view of a cluster's jobs.
     *
     * @param storage where they are; not closed by this
     * @param cluster the cluster
     */
    public JobStore(StateStorage storage, ClusterName cluster) {
        this.storage = storage;
        this.name = cluster;
        this.cluster = cluster.value();
        this.artifacts = new ArtifactStore(storage, cluster);
        this.notes = new AttemptNotes(storage, this::directoryOf);
    }

    /** Returns the names of all jobs that were ever submitted, in order, as segments of paths. */
    public List<String> jobSegments() {
        return storage.children(cluster + "/jobs");
    }

    /**
     * Returns the last attempt of a job.
     *
     * @param jobSegment the job's {@link JobName#pathSegment()}
     * @return the attempt with the highest id that has a record; empty if there is none
     */
    public Optional<JobAttempt> lastAttempt(String jobSegment) {
        List<AttemptId> newestFirst = storage.children(cluster + "/jobs/" + jobSegment).stream()
                .flatMap(directory -> AttemptId.parse(directory).stream())
                .sorted(Comparator.reverseOrder())
                .toList();
        for (AttemptId id : newestFirst) {
            String path = cluster + "/jobs/" + jobSegment + "/" + id + "/" + BEGINNING;
            Optional<String> record = storage.read(path);
            if (record.isPresent()) {
                return record.map(text -> JobAttempt.fromYaml(path, text));
            }
        }
        return Optional.empty();
    }

    /**
     * Writes an attempt's record; from now on the attempt exists.
     *
     * @param attempt the attempt
     * @throws StorageException if there is a record of it already
     */
    public void begin(JobAttempt attempt) {
        String path = directoryOf(attempt) + "/" + BEGINNING;
        if (!storage.createIfAbsent(path, attempt.toYaml())) {
            throw new StorageException(
                    "attempt record " + storage.uriOf(path)
                            + ": exists (expected: absent). Another process submits jobs "
                            + "to this cluster; end one of the two.",
                    null);
        }
    }

    /**
     * Writes how an attempt ended; the first end counts.
     *
     * @param attempt the attempt
     * @param end how it ended
     */
    public void end(JobAttempt attempt, AttemptEnd end) {
        boolean unused = storage.createIfAbsent(directoryOf(attempt) + "/" + END, end.toYaml());
    }

    /**
     * Returns how an attempt ended.
     *
     * @param attempt the attempt
     * @return empty if it has not ended, or was lost with its epoch
     */
    public Optional<AttemptEnd> endOf(JobAttempt attempt) {
        String path = directoryOf(attempt) + "/" + END;
        return storage.read(path).map(text -> AttemptEnd.fromYaml(path, text));
    }

    /**
     * Searches the newest complete checkpoint of an attempt.
     *
     * @param attempt the attempt
     */
    public CheckpointSearch.Result newestCheckpoint(JobAttempt attempt) {
        return new CheckpointSearch(storage)
                .newestComplete(
                        directoryOf(attempt) + "/checkpoints/" + attempt.jobId().toHexString());
    }

    /** Returns how the storage limits the files that Flink writes there; empty if it does not. */
    public Optional<StateFileLimits> stateFileLimits() {
        return storage.limits();
    }

    /**
     * Looks at the state files that one checkpoint of an attempt has for itself.
     *
     * @param attempt the attempt
     * @param checkpoint its number
     * @return the longest; empty if it has none, or is gone
     */
    public Optional<StoredFile> longestStateFile(JobAttempt attempt, long checkpoint) {
        return storage
                .files(directoryOf(attempt) + "/checkpoints/" + attempt.jobId().toHexString() + "/chk-" + checkpoint)
                .stream()
                .filter(file -> !file.path().endsWith("/" + PointReader.METADATA))
                .max(Comparator.comparingLong(StoredFile::bytes));
    }

    /**
     * Returns where a file is, as Flink takes it.
     *
     * @param file a file of the storage
     */
    public String uriOf(StoredFile file) {
        return storage.uriOf(file.path());
    }

    /**
     * Looks whether a checkpoint or savepoint is complete.
     *
     * @param uri its directory, here or elsewhere
     * @return the first thing that is wrong with it; empty if it is complete
     * @throws CorruptCheckpointException if its metadata is not Flink's, or torn
     * @throws FileNotFoundException if it has no metadata
     * @throws IOException if a storage did not answer
     */
    public Optional<String> firstDefect(String uri) throws IOException {
        return new CheckpointSearch(storage).firstDefect(uri);
    }

    /**
     * Searches the newest complete savepoint, in an attempt's own directory, with which somebody stopped it, or tried to.
     *
     * @param attempt the attempt
     */
    public Optional<CompletePoint> newestStopSavepoint(JobAttempt attempt) {
        return new CheckpointSearch(storage).newestStopSavepoint(directoryOf(attempt) + "/savepoints");
    }

    /**
     * Searches the savepoint that an attempt which came to its end was stopped with, when Flink cannot be asked any more.
     *
     * @param attempt the attempt
     * @return the newest complete one in the attempt's own directory, unless the job completed a checkpoint after it: then
     *     it went on. Empty if it was not stopped, or with a savepoint elsewhere
     */
    public Optional<String> stopSavepoint(JobAttempt attempt) {
        return newestStopSavepoint(attempt)
                .filter(savepoint -> newestCheckpoint(attempt)
                        .newestComplete()
                        .filter(checkpoint -> checkpoint.checkpointId() > savepoint.checkpointId())
                        .isEmpty())
                .map(CompletePoint::uri);
    }

    /**
     * Returns whether Flink is known to have run an attempt, whoever was told that it had accepted it: there is, or was, a
     * checkpoint of it, or it was stopped with a savepoint.
     *
     * @param attempt the attempt
     */
    public boolean hasRun(JobAttempt attempt) {
        return notes.hadCheckpoint(attempt)
                || isAnyLeft(newestCheckpoint(attempt))
                || newestStopSavepoint(attempt).isPresent();
    }

    /**
     * Searches how an attempt ended that Flink has forgotten. Flink deletes the checkpoints of a job only when that has
     * finished: its CheckpointProperties for checkpoints that are retained on cancellation.
     *
     * @param attempt the attempt; Flink must not run it
     * @return CANCELED, if that was wanted; STOPPED, with the savepoint; FINISHED, if there were checkpoints, which are gone.
     *     Empty if the storage shows no end
     */
    public Optional<AttemptEnd> endShown(JobAttempt attempt) {
        if (notes.isToBeCancelled(attempt)) {
            return Optional.of(AttemptEnd.of(AttemptEnd.Kind.CANCELED));
        }
        Optional<String> savepoint = stopSavepoint(attempt);
        if (savepoint.isPresent()) {
            return Optional.of(new AttemptEnd(AttemptEnd.Kind.STOPPED, savepoint));
        }
        return notes.hadCheckpoint(attempt) && !isAnyLeft(newestCheckpoint(attempt))
                ? Optional.of(AttemptEnd.of(AttemptEnd.Kind.FINISHED))
                : Optional.empty();
    }

    private static boolean isAnyLeft(CheckpointSearch.Result found) {
        return found.newestComplete().isPresent() || !found.passedOver().isEmpty();
    }

    /**
     * Returns where an attempt's checkpoints go, as Flink takes it; Flink adds its job id.
     *
     * @param job the job
     * @param attempt the attempt
     */
    public String checkpointsUri(JobName job, AttemptId attempt) {
        return storage.uriOf(directoryOf(job, attempt) + "/checkpoints");
    }

    /**
     * Returns where an attempt's savepoints go, as Flink takes it.
     *
     * @param job the job
     * @param attempt the attempt
     */
    public String savepointsUri(JobName job, AttemptId attempt) {
        return storage.uriOf(directoryOf(job, attempt) + "/savepoints");
    }

    /** Returns what the jobs are made of. */
    public ArtifactStore artifacts() {
        return artifacts;
    }

    /** Returns what was noted beside attempts. */
    public AttemptNotes notes() {
        return notes;
    }

    /** Returns the cluster. */
    public ClusterName cluster() {
        return name;
    }

    private String directoryOf(JobAttempt attempt) {
        return directoryOf(attempt.job(), attempt.id());
    }

    private String directoryOf(JobName job, AttemptId attempt) {
        return cluster + "/jobs/" + job.pathSegment() + "/" + attempt;
    }
}
