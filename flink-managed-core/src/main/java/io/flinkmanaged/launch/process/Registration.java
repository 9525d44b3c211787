package io.flinkmanaged.launch.process;

import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The question whether a TaskManager that was just started has registered with the leader.
 *
 * <p>One that lives, and of which a leader that answers has not heard {@link #WITHIN} after its start, is not waited for any
 * longer; if it stood by, {@link #STOOD_BY_WITHIN}. The successor of a process that hung can find Pekko's connection to the
 * leader half open for good: it discards every answer ("in read-only association"), and asks again until it gives up after
 * five minutes. One that takes the place of a process that has just died was seen to lose its registration, too. The next
 * process has a connection of its own.
 *
 * <p>The leader still tells of the predecessor, as long as it has not noticed its end. So what it tells before the start is
 * remembered, and anything else is the new one. The leader's clock is compared with no other: it may be another machine's.
 *
 * <p>For one wait at a time.
 */
final class Registration implements Supplier<CompletableFuture<Boolean>> {

    /** Several starts of a JVM on a loaded machine. */
    static final Duration WITHIN = Duration.ofMinutes(1);
    /** Ten times and more what it takes on a machine that has nothing else to do. */
    static final Duration STOOD_BY_WITHIN = Duration.ofSeconds(10);

    private static final long NOT_TOLD = -1;
    private static final long NEVER = 0;

    private final NodeId node;
    private final TimeSource time;
    private final Supplier<CompletableFuture<Map<String, Long>>> leader;
    private final AtomicLong heardBefore = new AtomicLong(NOT_TOLD);
    private final long beganTicks;
    private volatile Duration within = WITHIN;
    private volatile boolean overdue;

    /**
     * Begins to count the time, and asks the leader when it has heard of the predecessor.
     *
     * @param node whose TaskManager is about to start
     * @param time its time
     * @param leader tells when it has heard of each TaskManager, in milliseconds since 1970
     */
    Registration(NodeId node, TimeSource time, Supplier<CompletableFuture<Map<String, Long>>> leader) {
        this.node = node;
        this.time = time;
        this.leader = leader;
        this.beganTicks = time.ticks();
        CompletableFuture<Void> unused = leader.get().thenAccept(this::isHeardSince);
    }

    /** Its JVM stood by, and had done most of what a start takes. */
    void stoodBy() {
        within = STOOD_BY_WITHIN;
    }

    /**
     * Asks.
     *
     * @throws IllegalStateException if it is not waited for any longer
     */
    @Override
    public CompletableFuture<Boolean> get() {
        if (overdue) {
            throw new IllegalStateException("it lives, and the leader answers and has not heard of it within "
                    + within.toSeconds() + " s; it is ended, and another one is started");
        }
        return leader.get().thenApply(heard -> {
            boolean registered = isHeardSince(heard);
            overdue = !registered && time.ticks() - beganTicks > within.toNanos();
            return registered;
        });
    }

    /**
     * Whatever is told first is of the predecessor. If that is too late to be true, because nobody led, the next heartbeat
     * shows it, a quarter of a second later.
     */
    private boolean isHeardSince(Map<String, Long> told) {
        long heard = told.getOrDefault(node.toString(), NEVER);
        return !heardBefore.compareAndSet(NOT_TOLD, heard) && heard != NEVER && heard != heardBefore.get();
    }

    /** Returns whether it is not waited for any longer. */
    boolean isOverdue() {
        return overdue;
    }
}
