package io.flinkmanaged.launch.process;

import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.NodePlacement;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an epoch's own election of a death that is certain, so that nobody waits for a time-out. It never decides anything,
 * and nobody waits for it for more than half a second; where it fails, Flink's time-outs do what they would have done.
 */
final class Witness implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Witness.class);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    /** After this, the session of whoever died has timed out anyway. */
    private static final Duration TRIES_FOR = Duration.ofSeconds(8);

    private final boolean speaks;
    private final TimeSource time;
    private final Supplier<Election> elections;
    private @Nullable Election election;
    private final Map<NodeId, Removal> removals = new HashMap<>();
    private boolean closed;

    /**
     * Creates a witness, which connects when it is prepared, or first needed.
     *
     * @param speaks whether it tells anybody anything
     * @param time of its time the threads that may block
     * @param elections opens the election's records
     */
    Witness(boolean speaks, TimeSource time, Supplier<Election> elections) {
        this.speaks = speaks;
        this.time = time;
        this.elections = elections;
    }

    /** Connects ahead of need: the first handshake of a JVM takes longer than the patience there is later. */
    void prepare() {
        if (speaks) {
            CompletableFuture<Void> unused = CompletableFuture.runAsync(this::election, time.blocking());
        }
    }

    /**
     * Has the election go on without a JobManager that is proved dead. Returns at once; begins at once.
     *
     * @param dead where it listened
     */
    synchronized void jobManagerIsDead(NodePlacement dead) {
        if (speaks && !closed) {
            Removal removal = removals.get(dead.node());
            if (removal == null || removal.done().isDone()) {
                AtomicBoolean over = new AtomicBoolean();
                removals.put(
                        dead.node(),
                        new Removal(
                                CompletableFuture.supplyAsync(() -> remove(dead, () -> !over.get()), time.blocking()),
                                over));
            }
        }
    }

    /**
     * Waits until the election goes on without a JobManager that is proved dead, for half a second at most: from then on
     * nothing of whoever listens there is removed. To be called before its successor is started.
     *
     * @param dead where it listened
     */
    void settle(NodePlacement dead) {
        jobManagerIsDead(dead);
        Removal removal;
        synchronized (this) {
            removal = removals.remove(dead.node());
        }
        if (removal == null) {
            return;
        }
        try {
            boolean led = removal.done().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("The JobManager of {} is dead{}.", dead.node(), led ? ": its claim to lead was removed" : "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.info(
                    "The election of the JobManager of {} waits for its session's end: {}",
                    dead.node(),
                    Failures.rootCause(e));
        } finally {
            removal.over().set(true);
        }
    }

    /**
     * Returns the nodes whose JobManagers lead now: one, or none while nobody does. Blocks for a bounded time.
     *
     * @param nodes all of them
     * @return empty if ZooKeeper does not tell
     */
    Optional<Set<NodeId>> leaders(List<NodePlacement> nodes) {
        try {
            Election records = election();
            if (!records.awaitConnected(PATIENCE)) {
                return Optional.empty();
            }
            Set<URI> told = records.leader();
            return Optional.of(nodes.stream()
                    .filter(node -> told.stream().anyMatch(address -> Election.isOf(node, address)))
                    .map(NodePlacement::node)
                    .collect(Collectors.toSet()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (Exception e) {
            LOG.debug("Who leads cannot be told.", e);
            return Optional.empty();
        }
    }

    /** A quorum that has lost a peer with the same node, perhaps its own leader, does not answer for a while. */
    private boolean remove(NodePlacement dead, BooleanSupplier may) {
        long began = time.ticks();
        IllegalStateException unanswered = new IllegalStateException("ZooKeeper does not answer.");
        while (may.getAsBoolean() && time.ticks() - began < TRIES_FOR.toNanos()) {
            try {
                Election records = election();
                if (records.awaitConnected(PATIENCE)) {
                    return records.remove(dead, may);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } catch (KeeperException.ConnectionLossException | KeeperException.SessionExpiredException e) {
                unanswered.addSuppressed(e);
            } catch (Exception e) {
                throw new IllegalStateException("ZooKeeper: " + e, e);
            }
        }
        throw unanswered;
    }

    /** Connects anew, when it is needed next: as whoever it is by then. */
    void reconnect() {
        Election former;
        synchronized (this) {
            former = election;
            election = null;
        }
        if (former != null) {
            // To take leave may take a second, and deaths are told meanwhile.
            former.close();
        }
    }

    private synchronized Election election() {
        if (closed) {
            throw new IllegalStateException("The epoch was let go of.");
        }
        Election opened = election == null ? elections.get() : election;
        election = opened;
        return opened;
    }

    /** Takes leave of ZooKeeper in the background: where nobody is left to hear it, that takes a second and more. */
    @Override
    public void close() {
        Election last;
        synchronized (this) {
            closed = true;
            last = election;
            election = null;
        }
        if (last != null) {
            CompletableFuture<Void> unused = CompletableFuture.runAsync(last::close, time.blocking());
        }
    }

    /**
     * A removal of a claim.
     *
     * @param done whether the dead one led, when that is known
     * @param over from when on nothing is removed any more
     */
    private record Removal(CompletableFuture<Boolean> done, AtomicBoolean over) {}
}
