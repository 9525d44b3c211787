package io.flinkmanaged.testkit.proof;

import java.util.List;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimitedSourceReader;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;

/** Emits numbers at a rate, and acknowledges those before each completed checkpoint, of which Flink's class tells nobody. */
final class PacedReader extends RateLimitedSourceReader<Long, Lane> {

    private final Acknowledgements acknowledgements;

    PacedReader(LaneReader reader, RateLimiter<Lane> limiter, Acknowledgements acknowledgements) {
        super(reader, limiter);
        this.acknowledgements = acknowledgements;
    }

    @Override
    public List<Lane> snapshotState(long checkpoint) {
        List<Lane> lanes = super.snapshotState(checkpoint);
        acknowledgements.snapshot(checkpoint, lanes);
        return lanes;
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        super.notifyCheckpointComplete(checkpoint);
        acknowledgements.completed(checkpoint);
    }
}
