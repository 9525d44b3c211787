package io.flinkmanaged.change;

import io.flinkmanaged.config.Disruption;

/**
 * One thing that is different after a change, and what it takes.
 *
 * @param path a setting of the spec, or a key of Flink's
 * @param before its value now; hidden if it may be a secret
 * @param after its value then, likewise
 * @param disruption what it does to what runs, here
 * @param state how the state of running jobs gets over it
 * @param reason why it takes that: a sentence for people
 */
public record Difference(
        String path, String before, String after, Disruption disruption, StateCarriage state, String reason) {

    /** Returns {@code taskmanager.numberOfTaskSlots: 1 → 2 (RESTART, state by CHECKPOINT): why}. */
    @Override
    public String toString() {
        return path + ": " + before + " → " + after + " (" + disruption
                + (state == StateCarriage.UNTOUCHED ? "" : ", state by " + state) + "): " + reason;
    }
}
