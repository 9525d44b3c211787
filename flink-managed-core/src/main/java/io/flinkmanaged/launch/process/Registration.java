package io.flinkmanaged.launch.process;

import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
 * <p>For one wait at a time.
 */
final class Registration implements Supplier<CompletableFuture<Boolean>> {

    /** Several starts of a JVM on a loaded machine. */
    static final Duration WITHIN = Duration.ofMinutes(1);
    /** Ten times and more what it takes on a machine that has nothing else to do. */
    static final Duration STOOD_BY_WITHIN = Duration.ofSeconds(10);

    private final NodeId node;
    private final TimeSource time;
    private final Supplier<CompletableFuture<Map<String, Long>>> leader;
    private final long began;
    private final long beganTicks;
    private volatile Duration within = WITHIN;
    private volatile boolean overdue;

    /**
     * Begins to count the time.
     *
     * @param node whose TaskManager is about to start
     * @param time its time
     * @param leader tells when it has heard of each TaskManager, in milliseconds since 1970
     */
    Registration(NodeId node, TimeSource time, Supplier<CompletableFuture<Map<String, Long>>> leader) {
        this.node = node;
        this.time = time;
        this.leader = leader;
        this.began = time.now().toEpochMilli();
        this.beganTicks = time.ticks();
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
            boolean registered = heard.getOrDefault(node.toString(), 0L) > began;
            overdue = !registered && time.ticks() - beganTicks > within.toNanos();
            return registered;
        });
    }

    /** Returns whether it is not waited for any longer. */
    boolean isOverdue() {
        return overdue;
    }
}
