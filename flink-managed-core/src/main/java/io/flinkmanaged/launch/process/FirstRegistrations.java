package io.flinkmanaged.launch.process;

import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The question whether the TaskManagers of a new epoch have registered with its leader.
 *
 * <p>One that lives, and of which a leader has not heard {@link Registration#WITHIN} after it answered first, is started anew,
 * once: on a machine at load 11, one of three was never heard of until the launch gave up after five minutes, as one that
 * takes the place of another can be ({@link Registration}).
 *
 * <p>For one wait at a time.
 */
final class FirstRegistrations implements Supplier<CompletableFuture<Boolean>> {

    private static final Logger LOG = LoggerFactory.getLogger(FirstRegistrations.class);

    private final List<NodeId> nodes;
    private final Supplier<CompletableFuture<Map<String, Long>>> leader;
    private final Consumer<NodeId> startAnew;
    private final TimeSource time;
    private final Set<NodeId> startedAnew = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Long answeredTicks;

    /**
     * Creates it; nobody is asked yet.
     *
     * @param nodes whose TaskManagers are waited for
     * @param leader tells when it has heard of each TaskManager
     * @param startAnew ends the TaskManager of a node and starts another one; blocks, on the time's pool
     * @param time its time and threads
     */
    FirstRegistrations(
            List<NodeId> nodes,
            Supplier<CompletableFuture<Map<String, Long>>> leader,
            Consumer<NodeId> startAnew,
            TimeSource time) {
        this.nodes = List.copyOf(nodes);
        this.leader = leader;
        this.startAnew = startAnew;
        this.time = time;
    }

    /** Asks the leader. The answer comes when those that are started anew have been started. */
    @Override
    public CompletableFuture<Boolean> get() {
        return leader.get().thenCompose(this::look);
    }

    private CompletableFuture<Boolean> look(Map<String, Long> registered) {
        List<NodeId> missing = nodes.stream()
                .filter(node -> !registered.containsKey(node.toString()))
                .toList();
        if (missing.isEmpty()) {
            return CompletableFuture.completedFuture(true);
        }
        Long answered = answeredTicks;
        if (answered == null) {
            answered = time.ticks();
            answeredTicks = answered;
        }
        boolean overdue = time.ticks() - answered > Registration.WITHIN.toNanos();
        List<NodeId> lost = overdue ? missing.stream().filter(startedAnew::add).toList() : List.of();
        if (lost.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    lost.forEach(this::startAnew);
                    return false;
                },
                time.blocking());
    }

    private void startAnew(NodeId node) {
        LOG.warn(
                "{}: its TaskManager lives, and the leader answers and has not heard of it within {} s; another one is "
                        + "started.",
                node,
                Registration.WITHIN.toSeconds());
        startAnew.accept(node);
    }
}
