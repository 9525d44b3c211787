package io.flinkmanaged.examples;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Keeps one summary an airport as keyed state, and hands it on when the stream has ended. */
final class AirportDelays extends KeyedProcessFunction<String, Flight, DelaySummary> {

    /** Event time comes here when a bounded stream has ended, and at no other moment. */
    private static final long END_OF_STREAM = Long.MAX_VALUE;

    private transient ValueState<DelaySummary> summary;

    @Override
    public void open(OpenContext context) {
        summary = getRuntimeContext().getState(new ValueStateDescriptor<>("summary", DelaySummary.class));
    }

    @Override
    public void processElement(Flight flight, Context context, Collector<DelaySummary> out) throws Exception {
        DelaySummary before = summary.value();
        DelaySummary one = DelaySummary.of(flight);
        summary.update(before == null ? one : before.plus(one));
        context.timerService().registerEventTimeTimer(END_OF_STREAM);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<DelaySummary> out) throws Exception {
        out.collect(summary.value());
    }
}
