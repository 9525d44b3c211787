package io.flinkmanaged.event;

/** Is told what happens to clusters. */
@FunctionalInterface
public interface ClusterEventListener {

    /**
     * Takes one event.
     *
     * <p>Called in the order of the events, on the one event thread of the {@code ManagedFlink}, never on a thread that
     * decides or acts. It may block, at the price that other listeners wait and that events are dropped (and counted in
     * {@link ClusterEvent.EventsDropped}) once 1,024 are waiting. What it throws is logged and goes no further.
     *
     * @param event what happened
     */
    void onEvent(ClusterEvent event);
}
