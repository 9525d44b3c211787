package io.flinkmanaged.spec;

import io.flinkmanaged.internal.Seeded;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.configuration.MemorySize;

/** Specs of all kinds. */
public final class RandomSpecs {

    private RandomSpecs() {}

    /** Returns a spec that can be built. */
    public static ClusterSpec spec(Random random) {
        ClusterSpec.Builder builder = ClusterSpec.named("c" + random.nextInt(1_000_000))
                .plan(plan(random))
                .taskSlots(random.nextInt(1, 1025));
        if (random.nextBoolean()) {
            builder.checkpoints(checkpointing(random));
        }
        if (random.nextBoolean()) {
            builder.override("env.java.opts.all", Seeded.text(random));
        }
        if (random.nextBoolean()) {
            builder.override("parallelism.default", Integer.toString(random.nextInt(1, 100)));
        }
        if (random.nextBoolean()) {
            builder.stateBackend(StateBackend.ROCKSDB);
        }
        if (random.nextBoolean()) {
            builder.defaultParallelism(random.nextInt(1, 100));
        }
        if (random.nextBoolean()) {
            builder.restartStrategy(strategy(random));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            builder.override("metrics.reporter." + Seeded.text(random), Seeded.text(random));
        }
        return builder.build();
    }

    private static RestartStrategy strategy(Random random) {
        int count = random.nextInt(1, Integer.MAX_VALUE);
        Duration some = Duration.ofMillis(1).plusNanos(random.nextLong(1L << 50));
        return switch (random.nextInt(4)) {
            case 0 -> RestartStrategy.failureRate(count, some, Duration.ofNanos(random.nextLong(1L << 50)));
            case 1 ->
                new RestartStrategy.ExponentialDelay(
                        some,
                        some.plusNanos(random.nextLong(1L << 50)),
                        1 + random.nextDouble() + 1e-9,
                        some,
                        random.nextDouble(),
                        count);
            case 2 -> RestartStrategy.fixedDelay(count, some);
            default -> RestartStrategy.none();
        };
    }

    private static Plan plan(Random random) {
        return random.nextBoolean()
                ? Plans.all().get(random.nextInt(Plans.all().size()))
                : Plan.custom(
                        Seeded.text(random),
                        random.nextBoolean() ? 1 : 3,
                        new MemorySize((1L << 30) + random.nextLong(1L << 50)),
                        random.nextInt(1, 1000));
    }

    private static Checkpointing checkpointing(Random random) {
        SortedMap<String, String> options = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            options.put(Seeded.text(random), Seeded.text(random));
        }
        URI uri = URI.create("s3://bucket-" + random.nextInt(100) + "/a%20b/" + random.nextInt(100));
        return Checkpointing.every(Duration.ofMillis(10).plusNanos(random.nextLong(1L << 50)))
                .to(new StorageLocation(uri, options))
                .timeout(Duration.ofMillis(10).plusNanos(random.nextLong(1L << 50)))
                .minimumPause(Duration.ofNanos(random.nextLong(1L << 50)))
                .retained(random.nextInt(1, 100))
                .unaligned(random.nextBoolean())
                .incremental(random.nextBoolean())
                .toleratedFailures(random.nextInt(Integer.MAX_VALUE));
    }
}
