package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.model.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * The faults of one simulation, in the order of their times.
 *
 * @param faults the faults
 */
public record FaultPlan(List<Fault> faults) {

    private static final List<Fault.Kind> KINDS = List.of(Fault.Kind.values());
    private static final int MOST = 8;
    private static final int TOGETHER_PERCENT = 40;
    private static final Duration TOGETHER_WITHIN = Duration.ofSeconds(8);
    private static final Duration LONGEST = Duration.ofSeconds(90);

    /** Keeps a copy, in order. */
    public FaultPlan {
        faults = faults.stream().sorted(Comparator.comparing(Fault::at)).toList();
    }

    /**
     * Draws one to eight faults of all kinds. Many come within seconds of another one: failures seldom come alone, and a fault in
     * the middle of a recovery is the one that was not thought of.
     *
     * @param seed the same plan for the same seed
     * @param nodes how many nodes the cluster has
     * @param span in which time they begin; what lasts ends at most ninety seconds later
     */
    public static FaultPlan seeded(long seed, int nodes, Duration span) {
        Random chance = new Random(seed);
        int count = 1 + chance.nextInt(MOST);
        List<Fault> faults = new ArrayList<>();
        Duration last = Duration.ZERO;
        for (int i = 0; i < count; i++) {
            boolean together = i > 0 && chance.nextInt(100) < TOGETHER_PERCENT;
            Duration at = together ? last.plus(upTo(TOGETHER_WITHIN, chance)) : upTo(span, chance);
            Fault.Kind kind = KINDS.get(chance.nextInt(KINDS.size()));
            faults.add(new Fault(
                    at,
                    kind,
                    new NodeId(1 + chance.nextInt(nodes)),
                    kind.isLasting() ? upTo(LONGEST, chance) : Duration.ZERO));
            last = at;
        }
        return new FaultPlan(faults);
    }

    /** Returns when the last of them is over. */
    Duration end() {
        return faults.stream()
                .map(fault -> fault.at().plus(fault.lasts()))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    private static Duration upTo(Duration most, Random chance) {
        return Duration.ofMillis(chance.nextLong(most.toMillis()));
    }
}
