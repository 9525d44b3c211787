package io.flinkmanaged;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.cluster.FormerOwner;
import io.flinkmanaged.event.ClusterEvent.StateDeleted;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.job.PointCopy;
import io.flinkmanaged.job.RecoveryPoint;
import io.flinkmanaged.job.RecoveryPoints;
import io.flinkmanaged.job.Retention;
import io.flinkmanaged.job.RetentionPlan;
import io.flinkmanaged.job.RetentionReport;
import io.flinkmanaged.job.StateRetention;
import io.flinkmanaged.job.StoredAttempt;
import io.flinkmanaged.job.StoredJobReader;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import java.net.URLDecoder;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * A cluster as its state storage shows it: no process, HA store or journal of it is needed. Thread-safe; every call looks
 * anew.
 */
public final class StoredCluster implements AutoCloseable {

    private final StateStorage storage;
    private final ClusterName cluster;
    private final Surroundings surroundings;
    private final Exclusively exclusively;
    private final AutoCloseable owned;

    StoredCluster(
            StateStorage storage,
            ClusterName cluster,
            Surroundings surroundings,
            Exclusively exclusively,
            AutoCloseable owned) {
        this.storage = storage;
        this.cluster = cluster;
        this.surroundings = surroundings;
        this.exclusively = exclusively;
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
     * thousand files, and a few for each point, however many files it has.
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
        List<StoredAttempt> attempts = new StoredJobReader(storage, cluster).attempts(jobName.pathSegment());
        if (attempts.isEmpty()) {
            throw InvalidInputException.of(
                    "job",
                    "\"" + job + "\"",
                    "a job of cluster " + cluster + " in " + storage.location().uri() + ": " + jobs(),
                    "Name one of these, or look in the location where the job ran.");
        }
        return new RecoveryPoints(
                jobName,
                attempts.stream()
                        .flatMap(attempt -> attempt.recoveryPoints().stream())
                        .toList());
    }

    /**
     * Copies a recovery point to another location, bucket, region or storage, as a savepoint that needs nothing of the first:
     * a job of any cluster starts from it with {@link io.flinkmanaged.job.StartingPoint#at StartingPoint.at(uri)}. The shared
     * files of an incremental checkpoint are copied with it. Called again after a failure, it goes on with what is not there
     * yet.
     *
     * <p>Copies through this process, one file after the other. A checkpoint of an attempt that lives may be deleted by Flink
     * meanwhile: take a savepoint of it, and copy that.
     *
     * @param point a complete point of this cluster
     * @param target where the copy goes, with what the adapter needs to reach it: below
     *     {@code <target>/<cluster>/copies/}, where retention deletes nothing
     * @return the copy's directory, as Flink takes it
     * @throws InvalidInputException if the point is not complete, or refers to merged files or a state changelog, which can
     *     be read only where they were written
     * @throws StorageException if one of the storages did not answer
     */
    public String copyTo(RecoveryPoint point, StorageLocation target) {
        try (StateStorage there = surroundings.open(target)) {
            return new PointCopy(storage, there, cluster).copy(point);
        }
    }

    /**
     * Plans which recovery points may go; deletes nothing.
     *
     * @param retention what stays
     * @return the plan, with files and bytes
     * @throws StorageException if the storage did not answer
     */
    public RetentionPlan planRetention(Retention retention) {
        return new StateRetention(storage, cluster).plan(retention);
    }

    /**
     * Deletes what a plan says, as far as nothing has come to need it meanwhile, and lists again what is gone: some storages
     * say that they have deleted what is still there.
     *
     * @param plan what {@link #planRetention} returned
     * @return what a new listing shows
     * @throws ManagedFlinkException if another process runs the cluster: then it is for that process to do, since a job may
     *     just be starting from what would be deleted; or if the storage did not answer
     */
    public RetentionReport apply(RetentionPlan plan) {
        if (!plan.cluster().equals(cluster.value())) {
            throw InvalidInputException.of(
                    "retention plan", "of cluster " + plan.cluster(), "of cluster " + cluster, "Plan it anew here.");
        }
        RetentionReport report = exclusively.run(() -> new StateRetention(storage, cluster).apply(plan));
        surroundings
                .events()
                .publish(new StateDeleted(
                        cluster.value(),
                        surroundings.time().now(),
                        report.deleted().size(),
                        report.freed().getBytes(),
                        report.left().size()));
        return report;
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
        return new FormerOwner(storage, cluster, surroundings.time(), surroundings.launcher())
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

    /** Runs something while nobody submits a job to the cluster. */
    @FunctionalInterface
    interface Exclusively {

        RetentionReport run(Supplier<RetentionReport> deletion);
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
