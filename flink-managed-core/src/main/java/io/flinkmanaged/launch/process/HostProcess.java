package io.flinkmanaged.launch.process;

import io.flinkmanaged.model.ProcessIdentity.Liveness;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** A process of a host. Thread-safe; never mistakes another process for it. */
public interface HostProcess {

    /** Returns what it was started as: the node's directory and the process's name, such as {@code /x/node-1/jobmanager}. */
    String startedAs();

    /**
     * Returns whether a process of a node, or what that has started, started it, and not this library: a job's own, which has
     * inherited all that it is known by. It belongs to nobody's seat, and ends with its epoch at the latest. Never blocks.
     *
     * @return false where the host cannot tell
     */
    default boolean isDescendant() {
        return false;
    }

    /** Returns which it is, for people: {@code pid 4711 on host-a}. */
    String id();

    /** Returns when it was started, by the host's clock; empty if that cannot be told, as of one that has just ended. */
    Optional<Instant> startedAt();

    /** Returns whether it lives; what is not proved is unknown. */
    Liveness liveness();

    /**
     * Returns whether it is being ended beyond recall, so that its death is a matter of moments. Never blocks.
     *
     * @return false where the host cannot tell
     */
    default boolean isEnding() {
        return false;
    }

    /**
     * Returns its end.
     *
     * @return completes, on a thread that must not be blocked, with its exit status: empty if it is not our child, so that
     *     only its end is known
     */
    CompletableFuture<OptionalInt> whenEnded();

    /**
     * Asks it to end (SIGTERM), or ends it (SIGKILL). Returns at once.
     *
     * @param forcibly whether it has no say
     */
    void end(boolean forcibly);

    /**
     * Stops it (SIGSTOP), as a drill: it is there, does nothing and does not end. Returns when it is stopped; does nothing
     * if it is dead.
     *
     * @throws IOException if it could not be stopped
     */
    void hang() throws IOException;
}
