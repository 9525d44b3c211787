package io.flinkmanaged.launch.process;

import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.RenderedProcess.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The question whether every ZooKeeper peer serves its clients. A peer that has the same trouble for so long that it does not
 * end by itself is not waited for any longer, and it is said which, and what to do.
 *
 * <p>For one wait at a time.
 */
final class QuorumReadiness implements Supplier<CompletableFuture<Boolean>> {

    private final List<NodeId> nodes;
    private final Function<NodeId, String> addresses;
    private final Function<NodeId, Optional<PeerTrouble>> question;
    private final TimeSource time;
    private final Map<NodeId, Lasting> troubles = new ConcurrentHashMap<>();
    private volatile @Nullable String givenUp;

    /**
     * Begins to count the time.
     *
     * @param nodes whose peers are asked
     * @param addresses tells where each is asked, for people
     * @param question asks one; blocks for seconds at most
     * @param time its time and threads
     */
    QuorumReadiness(
            List<NodeId> nodes,
            Function<NodeId, String> addresses,
            Function<NodeId, Optional<PeerTrouble>> question,
            TimeSource time) {
        this.nodes = List.copyOf(nodes);
        this.addresses = addresses;
        this.question = question;
        this.time = time;
    }

    /**
     * Asks all.
     *
     * @throws IllegalStateException if one is not waited for any longer
     */
    @Override
    public CompletableFuture<Boolean> get() {
        String reason = givenUp;
        if (reason != null) {
            throw new IllegalStateException(reason);
        }
        return CompletableFuture.supplyAsync(this::allServe, time.blocking());
    }

    /** All are asked each time: how long a trouble lasts is to be known of each. */
    private boolean allServe() {
        boolean all = true;
        for (NodeId node : nodes) {
            Optional<PeerTrouble> trouble = question.apply(node);
            if (trouble.isPresent()) {
                note(node, trouble.get());
                all = false;
            } else {
                troubles.remove(node);
            }
        }
        return all;
    }

    private void note(NodeId node, PeerTrouble trouble) {
        long now = time.ticks();
        Lasting lasting = troubles.compute(
                node,
                (same, before) -> before == null || before.trouble() != trouble ? new Lasting(trouble, now) : before);
        if (now - lasting.since() > trouble.patience().toNanos()) {
            givenUp = new Seat(node, Kind.ZOOKEEPER) + " at " + addresses.apply(node) + ": " + trouble + ", for "
                    + trouble.patience().toSeconds() + " s, and its process lives (expected: it serves its clients). "
                    + trouble.remedy();
        }
    }

    /**
     * A trouble that lasts.
     *
     * @param since in ticks
     */
    private record Lasting(PeerTrouble trouble, long since) {}
}
