package io.flinkmanaged.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.spec.ClusterAdvice;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.RestartStrategy;
import io.flinkmanaged.spec.RestartStrategy.FailureRate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The loss of a TaskManager that only the heartbeat notices, under jobs of eight unconnected tasks, with a storage that
 * cannot be read for as long again. Decision 0020 has the sums; here they are held against Flink.
 */
class UnnoticedLossTest {

    private static final int TASKS = 8;
    private static final Duration HEARTBEAT = Duration.ofSeconds(4);
    private static final int OUTAGE_ROUNDS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Shared with the jobs, because they run in this JVM. */
    private static volatile boolean lost;

    private static volatile boolean storageDown;
    private static final AtomicInteger FAILED_RESTORES = new AtomicInteger();
    private static final Set<String> RUNNING = ConcurrentHashMap.newKeySet();

    @TempDir
    private Path directory;

    @Test
    void ourFiguresCarryAJobWhereThreeAttemptsLoseIt() throws Exception {
        ClusterSpec spec = ClusterSpec.named("silent")
                .plan(Plans.TINY)
                .taskSlots(2 * TASKS)
                .override("heartbeat.interval", "1 s")
                .override("heartbeat.timeout", HEARTBEAT.toSeconds() + " s")
                .build();
        RestartStrategy three = RestartStrategy.fixedDelay(3, Duration.ofMillis(500));
        assertThat(ClusterAdvice.of(spec)).isEmpty();
        assertThat(ClusterAdvice.of(spec.toBuilder().restartStrategy(three).build()))
                .isNotEmpty();
        Configuration configuration = ClusterRenderer.render(spec, new Placement(new Epoch(1), directory), List.of())
                .configuration()
                .toFlink();
        Configuration threeAttempts = new Configuration();
        threeAttempts.setString("restart-strategy.type", "fixed-delay");
        threeAttempts.setString("restart-strategy.fixed-delay.attempts", "3");
        threeAttempts.setString("restart-strategy.fixed-delay.delay", "500 ms");
        try (SilentTaskManager cluster = new SilentTaskManager(configuration, 2 * TASKS)) {
            cluster.start();
            JobID ours = submit(cluster, "ours", new Configuration());
            JobID users = submit(cluster, "three attempts", threeAttempts);
            await().atMost(PATIENCE).until(() -> RUNNING.size() == 2 * TASKS);
            cluster.startTaskManager();

            long began = System.nanoTime();
            storageDown = true;
            lost = true;
            // The last that is heard of the TaskManager is that its tasks failed.
            await().atMost(PATIENCE).until(RUNNING::isEmpty);
            cluster.fallSilent();
            await().atMost(PATIENCE).until(() -> status(cluster, users) == JobStatus.FAILED);
            // The heartbeat has timed out when tasks are restored again: on the spare TaskManager, and in vain.
            int before = FAILED_RESTORES.get();
            await().atMost(PATIENCE).until(() -> FAILED_RESTORES.get() > before + OUTAGE_ROUNDS * TASKS);
            storageDown = false;
            await().atMost(PATIENCE).until(() -> RUNNING.size() == TASKS);
            Duration took = Duration.ofNanos(System.nanoTime() - began);

            assertThat(status(cluster, ours)).isEqualTo(JobStatus.RUNNING);
            FailureRate rate = RestartStrategy.forSlots(spec.slotsOfCluster());
            long failures = cluster.failedDeployments() + FAILED_RESTORES.get() + 2L * TASKS;
            long atMost = TASKS * (2 + took.dividedBy(rate.delay())) + 4L * TASKS;
            System.out.printf(
                    "%d failures of %d tasks in %d ms, at most %d by the sums; carried: %d%n",
                    failures, TASKS, took.toMillis(), atMost, rate.failures());
            assertThat(failures).isLessThanOrEqualTo(atMost).isGreaterThan(2L * OUTAGE_ROUNDS * TASKS);
        }
    }

    private static JobStatus status(SilentTaskManager cluster, JobID job) throws Exception {
        return cluster.getJobStatus(job).get();
    }

    private static JobID submit(SilentTaskManager cluster, String name, Configuration configuration) throws Exception {
        StreamExecutionEnvironment environment = new StreamExecutionEnvironment(configuration);
        GeneratorFunction<Long, Long> same = index -> index;
        environment
                .setParallelism(TASKS)
                .fromSource(
                        new DataGeneratorSource<>(
                                same, Long.MAX_VALUE, RateLimiterStrategy.perSecond(100 * TASKS), Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .map(new Task(name))
                .returns(Types.LONG)
                .sinkTo(new DiscardingSink<>());
        StreamGraph graph = environment.getStreamGraph();
        graph.setJobId(JobID.generate());
        return cluster.submitJob(graph).get().getJobID();
    }

    /** Fails with its TaskManager, and cannot be restored while the storage is down. */
    private static final class Task extends RichMapFunction<Long, Long> {

        private static final long serialVersionUID = 1L;

        private final String job;
        private transient boolean first;
        private transient String id;

        Task(String job) {
            this.job = job;
        }

        @Override
        public void open(OpenContext context) throws Exception {
            first = getRuntimeContext().getTaskInfo().getAttemptNumber() == 0;
            id = job + getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
            if (!first && storageDown) {
                int unused = FAILED_RESTORES.incrementAndGet();
                throw new Lost("the storage cannot be read");
            }
            boolean unused = RUNNING.add(id);
        }

        @Override
        public Long map(Long number) throws IOException {
            if (first && lost) {
                boolean unused = RUNNING.remove(id);
                throw new Lost("the machine goes down");
            }
            return number;
        }
    }

    /** Without a stack trace: Flink logs hundreds of these. */
    private static final class Lost extends IOException {

        private static final long serialVersionUID = 1L;

        Lost(String message) {
            super(message);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
