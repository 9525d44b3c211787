package io.flinkmanaged;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.cluster.FormerOwner;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.job.RecoveryPoints;
import io.flinkmanaged.job.StoredJob;
import io.flinkmanaged.job.StoredJobReader;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import java.net.URLDecoder;
import java.util.List;
import java.util.OptionalLong;

/**
 * A cluster as its state storage shows it: no process, HA store or journal of it is needed. Thread-safe; every call looks
 * anew.
 */
public final class StoredCluster implements AutoCloseable {

    private final StateStorage storage;
    private final ClusterName cluster;
    private final TimeSource time;
    private final AutoCloseable owned;

    StoredCluster(StateStorage storage, ClusterName cluster, TimeSource time, AutoCloseable owned) {
        this.storage = storage;
        this.cluster = cluster;
        this.time = time;
        this.owned = owned;
    }

    /** Returns the cluster's name. */
    public String name() {
        return cluster.value();
    }

    /**
     * Returns the names of all jobs that were ever submitted, in order.
     *
     * @throws StorageException if the storage did not answer
     */
    public List<String> jobs() {
        JobStore store = new JobStore(storage, cluster);
        return store.jobSegments().stream()
                .map(segment -> nameOf(store, segment))
                .sorted()
                .toList();
    }

    /**
     * Finds every retained checkpoint and savepoint of a job and looks whether all its files are there: one request for a
     * thousand files, and one for each point.
     *
     * <p>Savepoints are found where the library lets Flink put them, beside the attempt's checkpoints; not those that
     * somebody took to another place.
     *
     * @param job the job's name
     * @return the points, the oldest first; damaged ones among them
     * @throws InvalidInputException if no job of that name was ever submitted
     * @throws StorageException if the storage did not answer: then nothing is known
     */
    public RecoveryPoints recoveryPoints(String job) {
        JobName jobName = new JobName(job);
        StoredJob stored = new StoredJobReader(storage, cluster).read(jobName.pathSegment());
        if (stored.attempts().isEmpty()) {
            throw InvalidInputException.of(
                    "job",
                    "\"" + job + "\"",
                    "a job of cluster " + cluster + " in " + storage.location().uri() + ": " + jobs(),
                    "Name one of these, or look in the location where the job ran.");
        }
        return new RecoveryPoints(jobName, stored.points());
    }

    /**
     * Records, on the word of whoever calls, that every process of the cluster's last epoch is dead. Needed only if that
     * cannot be proved from here: they ran on another host, or in another container. Should one of them live all the same,
     * it and a recovered cluster would write to the same sinks.
     *
     * @return the number of the epoch; empty if it is known to have ended already, or none ever began
     * @throws ManagedFlinkException if its process is seen to live
     */
    public OptionalLong declareDead() {
        return new FormerOwner(storage, cluster, time)
                .declareDead()
                .map(epoch -> OptionalLong.of(epoch.number()))
                .orElseGet(OptionalLong::empty);
    }

    /** Lets go of the storage; what is stored stays. Does nothing to a cluster that runs. */
    @Override
    public void close() {
        try {
            owned.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new StorageException("storage " + storage.location().uri() + ": cannot be closed: " + e, e);
        }
    }

    /** Returns the name and the location. */
    @Override
    public String toString() {
        return "StoredCluster[" + cluster + " in " + storage.location().uri() + "]";
    }

    /** A job whose record cannot be read any more is still named, by its directory. */
    private static String nameOf(JobStore store, String segment) {
        try {
            return store.lastAttempt(segment)
                    .map(attempt -> attempt.job().value())
                    .orElseGet(() -> URLDecoder.decode(segment, UTF_8));
        } catch (ManagedFlinkException e) {
            if (e.isRetryable()) {
                throw e;
            }
            return URLDecoder.decode(segment, UTF_8);
        }
    }
}
