package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.launch.TaskManagerObservation.Death;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.RenderedProcess.Kind;
import java.time.Instant;
import java.util.Optional;

/** A process of a simulated node, from its start to its death. Its successor is another one. */
final class SimulatedProcess {

    private final NodeId node;
    private final Kind kind;
    private final String resourceId;
    private State state = State.STARTING;
    private Instant silentSince = Instant.MAX;
    private long silenceIsKnownAtTicks = Long.MAX_VALUE;
    private Optional<Death> death = Optional.empty();

    /** What a process does. */
    enum State {
        /** It takes no part yet. */
        STARTING,
        /** It works. */
        WORKING,
        /** It is there and does nothing. */
        SILENT,
        /** It has ended, and whoever looks sees so. */
        DEAD
    }

    SimulatedProcess(NodeId node, Kind kind, String resourceId) {
        this.node = node;
        this.kind = kind;
        this.resourceId = resourceId;
    }

    NodeId node() {
        return node;
    }

    Kind kind() {
        return kind;
    }

    String resourceId() {
        return resourceId;
    }

    boolean is(Kind asked) {
        return kind == asked;
    }

    boolean isAlive() {
        return state != State.DEAD;
    }

    boolean works() {
        return state == State.WORKING;
    }

    boolean isStarting() {
        return state == State.STARTING;
    }

    /** Returns how it died; empty while it lives. */
    Optional<Death> death() {
        return death;
    }

    Instant silentSince() {
        return silentSince;
    }

    /** Returns whether its silence is known for what it is. */
    boolean isKnownToHang(long nowTicks) {
        return state == State.SILENT && nowTicks >= silenceIsKnownAtTicks;
    }

    void begins() {
        state = State.WORKING;
    }

    /** Falls silent: known for it from some time on, or never. */
    void fallsSilent(Instant since, long knownAtTicks) {
        state = State.SILENT;
        silentSince = since;
        silenceIsKnownAtTicks = knownAtTicks;
    }

    void dies(Death how) {
        state = State.DEAD;
        death = Optional.of(how);
    }

    @Override
    public String toString() {
        return node + "'s " + kind.directory();
    }
}
