package io.flinkmanaged;

import io.flinkmanaged.event.EventDispatcher;
import io.flinkmanaged.model.TimeSource;

/** What a {@link ManagedCluster} needs of the {@link ManagedFlink} that it belongs to. */
interface Surroundings {

    TimeSource time();

    EventDispatcher events();

    void requireOpen();

    void close(ManagedCluster cluster);

    void terminate(ManagedCluster cluster);
}
