package io.flinkmanaged;

import io.flinkmanaged.config.Policies;
import io.flinkmanaged.event.EventDispatcher;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;

/** What a {@link ManagedCluster} needs of the {@link ManagedFlink} that it belongs to. */
interface Surroundings {

    TimeSource time();

    EventDispatcher events();

    ClusterLauncher launcher();

    Policies policies();

    void requireOpen();

    /** Opens a location; the caller closes what is returned. */
    StateStorage open(StorageLocation location);

    /** Judges a spec as a launch would. */
    void check(ClusterSpec spec);

    /** Writes down that another spec of a cluster is in force, if the cluster is operated; blocks. */
    void remember(ManagedCluster cluster, ClusterSpec spec);

    void close(ManagedCluster cluster);

    void terminate(ManagedCluster cluster);
}
