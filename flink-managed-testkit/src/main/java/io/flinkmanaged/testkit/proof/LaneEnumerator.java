package io.flinkmanaged.testkit.proof;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;

/** Hands each lane that nobody has to the reader whose turn it is by the lane's number. For Flink's coordinator thread. */
final class LaneEnumerator implements SplitEnumerator<Lane, List<Lane>> {

    private final SplitEnumeratorContext<Lane> context;
    private final List<Lane> unassigned;

    LaneEnumerator(SplitEnumeratorContext<Lane> context, List<Lane> unassigned) {
        this.context = context;
        this.unassigned = new ArrayList<>(unassigned);
    }

    /** Readers that restore lanes from their own state get none here, and lanes that a dead one had come back first. */
    @Override
    public void addReader(int subtask) {
        List<Lane> own = unassigned.stream()
                .filter(lane -> lane.first() % context.currentParallelism() == subtask)
                .toList();
        own.forEach(lane -> context.assignSplit(lane, subtask));
        unassigned.removeAll(own);
        context.signalNoMoreSplits(subtask);
    }

    @Override
    public void addSplitsBack(List<Lane> lanes, int subtask) {
        unassigned.addAll(lanes);
    }

    @Override
    public List<Lane> snapshotState(long checkpoint) {
        return List.copyOf(unassigned);
    }

    @Override
    public void start() {}

    @Override
    public void handleSplitRequest(int subtask, @Nullable String host) {
        // Readers get theirs without asking.
    }

    @Override
    public void close() throws IOException {}
}
