package io.flinkmanaged.cluster;

import io.flinkmanaged.journal.InMemoryJournal;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.storage.StateStorage;
import java.util.Optional;

/** Whoever owns a cluster's state, as its last epoch says. */
public final class FormerOwner {

    private final EpochClaims claims;

    /**
     * Creates a view.
     *
     * @param storage where the state is; not closed by this
     * @param cluster the cluster
     * @param time for the record's date
     * @param launcher knows of processes that outlive the JVM that started them
     */
    public FormerOwner(StateStorage storage, ClusterName cluster, TimeSource time, ClusterLauncher launcher) {
        this.claims =
                new EpochClaims(storage, cluster, time, new KnownEpochs(new InMemoryJournal()), Optional.of(launcher));
    }

    /**
     * Looks whether nobody owns the state now.
     *
     * @throws ManagedFlinkException if the last epoch's processes live, or cannot be seen from here
     */
    public void requireGone() {
        Optional<Epoch> unused = claims.requireOwnerless();
    }

    /**
     * Records that every process of the last epoch is dead, so that another one may begin.
     *
     * @return that epoch; empty if it has ended already, or none ever began
     * @throws ManagedFlinkException if its process is seen to live
     */
    public Optional<Epoch> declareDead() {
        return claims.declareLastDead();
    }
}
