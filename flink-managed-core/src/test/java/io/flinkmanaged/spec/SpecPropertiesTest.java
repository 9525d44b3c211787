package io.flinkmanaged.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.internal.Seeded;
import io.flinkmanaged.model.InvalidInputException;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of every spec, however odd. jqwik prints the seed and the smallest input that fails. */
class SpecPropertiesTest {

    private static final String COMPLETE = """
            format: 1
            name: flights
            plan: single-node-4gb
            task-slots: 2
            state-backend: rocksdb
            default-parallelism: 2
            restart-strategy:
              type: fixed-delay
              attempts: 3
              delay: 500 ms
            checkpoints:
              interval: 10 s
              timeout: 1 min
              minimum-pause: 5 s
              retained: 3
              unaligned: true
              incremental: false
              tolerated-failures: 7
              location: file:///data/flink
              location-options:
                a: b
            overrides:
              heartbeat.timeout: 30 s
            """;

    @Property(tries = 300)
    void aSpecIsReadBackFromItsYaml(@ForAll("seeds") long seed) {
        ClusterSpec spec = RandomSpecs.spec(new Random(seed));
        String yaml = spec.toYaml();
        assertThat(ClusterSpec.fromYaml(yaml)).as(yaml).isEqualTo(spec);
        assertThat(ClusterSpec.fromYaml(yaml).toYaml()).isEqualTo(yaml);
        assertThat(SpecYaml.read("record", SpecYaml.write(spec))).isEqualTo(spec);
    }

    @Property(tries = 300)
    void aDurationIsReadBackFromItsText(@ForAll("durations") Duration duration) {
        assertThat(Texts.duration(Texts.of(duration))).isEqualTo(duration);
    }

    /** Any setter, any value: a spec, or findings that each say what to do. Nothing else ever comes out. */
    @Property(tries = 500)
    void settingsBuildASpecOrAreRefusedWithARemedy(
            @ForAll("seeds") long seed, @ForAll int slots, @ForAll int parallelism, @ForAll int attempts) {
        Random random = new Random(seed);
        judged(() -> {
            ClusterSpec.Builder builder = ClusterSpec.named(random.nextBoolean() ? "flights" : Seeded.text(random));
            if (random.nextBoolean()) {
                builder.taskSlots(slots);
            }
            if (random.nextBoolean()) {
                builder.defaultParallelism(parallelism);
            }
            if (random.nextBoolean()) {
                builder.restartStrategy(RestartStrategy.fixedDelay(attempts, anyDuration(random)));
            }
            if (random.nextBoolean()) {
                builder.restartStrategy(
                        RestartStrategy.failureRate(attempts, anyDuration(random), anyDuration(random)));
            }
            if (random.nextBoolean()) {
                builder.restartStrategy(new RestartStrategy.ExponentialDelay(
                        anyDuration(random),
                        anyDuration(random),
                        Double.longBitsToDouble(random.nextLong()),
                        anyDuration(random),
                        random.nextDouble(),
                        attempts));
            }
            if (random.nextBoolean()) {
                builder.checkpoints(Checkpointing.every(anyDuration(random))
                        .to(StorageLocation.at("s3://bucket"))
                        .timeout(anyDuration(random))
                        .minimumPause(anyDuration(random))
                        .toleratedFailures(attempts));
            }
            if (random.nextBoolean()) {
                builder.override(Seeded.text(random), Seeded.text(random));
            }
            return builder.build();
        });
    }

    /** A line replaced, dropped, repeated or re-indented: YAML that a person might write at night. */
    @Property(tries = 1000)
    void damagedYamlIsASpecOrRefusedWithARemedy(@ForAll("seeds") long seed) {
        Random random = new Random(seed);
        String[] lines = COMPLETE.split("\n", -1);
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(lines.length);
            String key = lines[at].contains(":") ? lines[at].substring(0, lines[at].indexOf(':') + 1) : "";
            lines[at] = switch (random.nextInt(5)) {
                case 0 -> key + " " + Seeded.text(random);
                case 1 -> "";
                case 2 -> lines[at] + "\n" + lines[at];
                case 3 -> "  " + lines[at];
                default -> key + " " + random.nextLong();
            };
        }
        judged(() -> ClusterSpec.fromYaml(String.join("\n", lines)));
    }

    @Property(tries = 300)
    void anyTextIsASpecOrRefusedWithARemedy(@ForAll String text) {
        judged(() -> ClusterSpec.fromYaml(text));
    }

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }

    @Provide
    Arbitrary<Duration> durations() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, Texts.LONGEST.toSeconds() - 1),
                        Arbitraries.of(0, 1, 1_000, 1_000_000, 999_999_999))
                .as(Duration::ofSeconds);
    }

    private static Duration anyDuration(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Duration.ofSeconds(random.nextLong());
            case 1 -> Duration.ofMillis(random.nextInt());
            case 2 -> Duration.ZERO;
            default -> Duration.ofSeconds(random.nextInt(1, 1000));
        };
    }

    private static void judged(java.util.function.Supplier<ClusterSpec> attempt) {
        try {
            assertThat(attempt.get().toYaml()).isNotEmpty();
        } catch (InvalidInputException e) {
            assertThat(e.findings()).isNotEmpty().allSatisfy(finding -> assertThat(finding.remedy())
                    .isNotBlank());
        }
    }
}
