package io.flinkmanaged.job;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.storage.PointReader;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StoredFile;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Plans and applies retentions in a state storage. Stateless; whoever applies one keeps others from submitting jobs. */
public final class StateRetention {

    private final StateStorage storage;
    private final ClusterName cluster;

    /**
     * Creates it.
     *
     * @param storage where the state is; not closed by this
     * @param cluster whose it is
     */
    public StateRetention(StateStorage storage, ClusterName cluster) {
        this.storage = storage;
        this.cluster = cluster;
    }

    /**
     * Looks at every job and decides what would be deleted.
     *
     * @param retention what stays
     * @throws StorageException if the storage did not answer: then nothing is planned
     */
    public RetentionPlan plan(Retention retention) {
        StoredJobReader reader = new StoredJobReader(storage, cluster);
        List<StoredJob> jobs = new JobStore(storage, cluster)
                .jobSegments().stream().map(reader::read).toList();
        return RetentionPlanning.plan(cluster.value(), jobs, retention);
    }

    /**
     * Deletes what a plan says, as far as a new look says so, too. What makes a point a point goes first: should this be cut
     * off, no point is left that only looks whole.
     *
     * @param plan the plan
     * @return what a listing after that shows
     * @throws StorageException if the storage did not answer; what is left is found by the next plan
     */
    public RetentionReport apply(RetentionPlan plan) {
        Set<StoredFile> still = Set.copyOf(plan(plan.retention()).files());
        List<StoredFile> doomed = plan.files().stream().filter(still::contains).toList();
        List<StoredFile> spared =
                plan.files().stream().filter(file -> !still.contains(file)).toList();
        List<String> metadata = doomed.stream()
                .map(StoredFile::path)
                .filter(path -> path.endsWith("/" + PointReader.METADATA))
                .toList();
        storage.delete(metadata);
        Set<String> after = listed();
        if (metadata.stream().noneMatch(after::contains)) {
            storage.delete(doomed.stream()
                    .map(StoredFile::path)
                    .filter(path -> !path.endsWith("/" + PointReader.METADATA))
                    .toList());
            after = listed();
        }
        Set<String> shown = after;
        return new RetentionReport(
                doomed.stream().filter(file -> !shown.contains(file.path())).toList(),
                spared,
                doomed.stream().filter(file -> shown.contains(file.path())).toList());
    }

    private Set<String> listed() {
        return storage.files(cluster + "/jobs").stream().map(StoredFile::path).collect(Collectors.toSet());
    }
}
