package io.flinkmanaged.benchmarks;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;

/** Passes on what reaches it, and notes when an attempt emits its first record and completes a checkpoint. */
final class Witness extends RichMapFunction<Long, Long> implements CheckpointListener {

    private final String channel;
    private transient Outputs outputs;
    private transient int attempt;
    private transient boolean emitted;

    Witness(String channel) {
        this.channel = channel;
    }

    @Override
    public void open(OpenContext context) {
        outputs = Outputs.of(channel);
        attempt = getRuntimeContext().getTaskInfo().getAttemptNumber();
    }

    @Override
    public Long map(Long value) {
        if (!emitted) {
            emitted = true;
            outputs.emitted(attempt, System.nanoTime());
        }
        return value;
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        outputs.checkpointed();
    }
}
