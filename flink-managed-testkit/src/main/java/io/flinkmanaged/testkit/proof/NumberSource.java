package io.flinkmanaged.testkit.proof;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Emits 0, 1, 2, … at a rate; how far each lane has come is Flink's state, which a job of any parallelism restores. */
final class NumberSource implements Source<Long, Lane, List<Lane>> {
    private static final long serialVersionUID = 1L;

    private final long end;
    private final double perSecond;
    private final String acknowledgements;

    /**
     * Creates a source.
     *
     * @param end one more than the last number; {@link Long#MAX_VALUE} for no end
     * @param perSecond how many a second, all readers together
     * @param acknowledgements the directory where positions of completed checkpoints are told; empty for nowhere
     */
    NumberSource(long end, double perSecond, String acknowledgements) {
        this.end = end;
        this.perSecond = perSecond;
        this.acknowledgements = acknowledgements;
    }

    @Override
    public Boundedness getBoundedness() {
        return end == Long.MAX_VALUE ? Boundedness.CONTINUOUS_UNBOUNDED : Boundedness.BOUNDED;
    }

    @Override
    public SourceReader<Long, Lane> createReader(SourceReaderContext context) {
        return new PacedReader(
                new LaneReader(end),
                paced(RateLimiterStrategy.perSecond(perSecond).createRateLimiter(context.currentParallelism())),
                acknowledgements.isEmpty() ? Acknowledgements.NOWHERE : Acknowledgements.in(Path.of(acknowledgements)));
    }

    private static RateLimiter<Lane> paced(RateLimiter<?> limiter) {
        return limiter::acquire;
    }

    @Override
    public SplitEnumerator<Lane, List<Lane>> createEnumerator(SplitEnumeratorContext<Lane> context) {
        return new LaneEnumerator(
                context, IntStream.range(0, Lane.LANES).mapToObj(Lane::new).toList());
    }

    @Override
    public SplitEnumerator<Lane, List<Lane>> restoreEnumerator(
            SplitEnumeratorContext<Lane> context, List<Lane> unassigned) {
        return new LaneEnumerator(context, unassigned);
    }

    @Override
    public SimpleVersionedSerializer<Lane> getSplitSerializer() {
        return new LaneSerializer.OfOne();
    }

    @Override
    public SimpleVersionedSerializer<List<Lane>> getEnumeratorCheckpointSerializer() {
        return new LaneSerializer();
    }
}
