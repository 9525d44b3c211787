package io.flinkmanaged.node;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.Collector;

/** A small job with keyed state that fails once, after its first checkpoint, and is over when it has completed others. */
final class RehearsedJob {

    private static final CountDownLatch OVER = new CountDownLatch(1);
    private static final JobID ID = new JobID(0, 1);
    private static final int KEYS = 8;
    private static final int ENOUGH_CHECKPOINTS = 3;

    private RehearsedJob() {}

    static StreamGraph graph(Configuration configuration) {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration)
                .setParallelism(1);
        environment.enableCheckpointing(Duration.ofMillis(100).toMillis());
        environment
                .fromSequence(1, Long.MAX_VALUE)
                .map(new Pausing())
                .keyBy(number -> number % KEYS)
                .process(new Counting())
                .sinkTo(new DiscardingSink<>());
        StreamGraph graph = environment.getStreamGraph();
        graph.setJobId(ID);
        return graph;
    }

    static void awaitEnd() throws InterruptedException {
        OVER.await();
    }

    /** What is rehearsed is the beginning, not the work. At the source, so that nothing queues before a barrier. */
    private static final class Pausing implements MapFunction<Long, Long> {

        private static final long serialVersionUID = 1L;

        @Override
        public Long map(Long number) throws InterruptedException {
            boolean unused = OVER.await(1, TimeUnit.MILLISECONDS);
            return number;
        }
    }

    private static final class Counting extends KeyedProcessFunction<Long, Long, Long>
            implements CheckpointedFunction, CheckpointListener {

        private static final long serialVersionUID = 1L;

        private transient ValueState<Long> count;
        private transient boolean restored;
        private transient int checkpoints;

        @Override
        public void open(OpenContext context) {
            count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Long.class));
        }

        @Override
        public void initializeState(FunctionInitializationContext context) {
            restored = context.isRestored();
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) {}

        @Override
        public void processElement(Long number, Context context, Collector<Long> out) throws Exception {
            Long before = count.value();
            count.update(before == null ? 1L : before + 1);
            out.collect(number);
            if (checkpoints > 0 && !restored) {
                throw new IllegalStateException("a failure, for the rehearsal of a restart");
            }
        }

        @Override
        public void notifyCheckpointComplete(long checkpointId) {
            checkpoints++;
            if (restored && checkpoints >= ENOUGH_CHECKPOINTS) {
                OVER.countDown();
            }
        }
    }
}
