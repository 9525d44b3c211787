package io.flinkmanaged.examples;

import java.util.Optional;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

/**
 * Counts the flights that pass, for whoever watches the job.
 *
 * <p>Flink's accumulators begin at zero after a restart. The count is therefore state too, and goes back to the
 * checkpoint together with the stream.
 */
final class FlightCounter extends RichMapFunction<Flight, Flight> implements CheckpointedFunction {

    /** The accumulator that tells how many flights have passed. */
    static final String PASSED = "flights passed";

    private static final String RESTORED = "flights restored";

    private final LongCounter passed = new LongCounter();
    private final LongCounter restored = new LongCounter();

    // Flink calls initializeState before anything else.
    @SuppressWarnings("NullAway.Init")
    private transient ListState<Long> checkpointed;

    /**
     * Returns with how many flights a job came back from its last loss; 0 if it began anew, or lost nothing. Empty if all
     * flights had passed before the checkpoint: then nobody had to count any more.
     */
    static Optional<Long> restored(JobExecutionResult result) {
        return Optional.ofNullable(result.getAccumulatorResult(RESTORED));
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        checkpointed = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("flights", Types.LONG));
        for (long flights : checkpointed.get()) {
            passed.add(flights);
            restored.add(flights);
        }
    }

    @Override
    public void open(OpenContext context) {
        getRuntimeContext().addAccumulator(PASSED, passed);
        getRuntimeContext().addAccumulator(RESTORED, restored);
    }

    @Override
    public Flight map(Flight flight) {
        passed.add(1L);
        return flight;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        checkpointed.clear();
        checkpointed.add(passed.getLocalValuePrimitive());
    }
}
