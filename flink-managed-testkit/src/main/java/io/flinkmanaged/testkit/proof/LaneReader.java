package io.flinkmanaged.testkit.proof;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;

/** Emits the numbers of its lanes, one of each in turn. For Flink's task thread. */
final class LaneReader implements SourceReader<Long, Lane> {

    private final long end;
    private final Deque<Lane> lanes = new ArrayDeque<>();
    /** Those that have come to their end: kept, so that how far they came is told with every checkpoint. */
    private final List<Lane> ended = new ArrayList<>();

    private CompletableFuture<Void> available = new CompletableFuture<>();
    private boolean noMore;

    /** Creates a reader that emits numbers below the end. */
    LaneReader(long end) {
        this.end = end;
    }

    @Override
    public InputStatus pollNext(ReaderOutput<Long> output) {
        Lane lane = lanes.poll();
        if (lane == null) {
            return noMore ? InputStatus.END_OF_INPUT : waitForLanes();
        }
        output.collect(lane.next());
        add(lane.advanced());
        return lanes.isEmpty() && !noMore ? waitForLanes() : InputStatus.MORE_AVAILABLE;
    }

    private InputStatus waitForLanes() {
        if (available.isDone()) {
            available = new CompletableFuture<>();
        }
        return InputStatus.NOTHING_AVAILABLE;
    }

    @Override
    public void addSplits(List<Lane> added) {
        added.forEach(this::add);
        available.complete(null);
    }

    private void add(Lane lane) {
        if (lane.next() < end) {
            lanes.add(lane);
        } else {
            ended.add(lane);
        }
    }

    @Override
    public void notifyNoMoreSplits() {
        noMore = true;
        available.complete(null);
    }

    @Override
    public List<Lane> snapshotState(long checkpoint) {
        List<Lane> all = new ArrayList<>(lanes);
        all.addAll(ended);
        return all;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return available;
    }

    @Override
    public void start() {}

    @Override
    public void close() {}
}
