package io.flinkmanaged.change;

import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One setting in which two specs of a cluster differ.
 *
 * @param path the setting
 * @param before its value in the first spec; overridden values and those of storage options are not
 *     shown, because one may be a secret
 * @param after its value in the second spec, likewise
 */
public record SpecDifference(String path, String before, String after) {

    private static final String HIDDEN = "…";
    private static final String NOT_SET = "not set";

    /**
     * Compares two specs.
     *
     * @param before the spec in force
     * @param after the other
     * @return their differences in the order of the settings; empty if the specs are equal
     */
    public static List<SpecDifference> between(ClusterSpec before, ClusterSpec after) {
        List<SpecDifference> differences = new ArrayList<>();
        add(differences, "name", before.name(), after.name());
        add(differences, "plan", before.plan(), after.plan());
        add(differences, "taskSlots", before.taskSlots(), after.taskSlots());
        add(differences, "stateBackend", before.stateBackend(), after.stateBackend());
        add(differences, "defaultParallelism", parallelism(before), parallelism(after));
        add(differences, "restartStrategy", strategy(before), strategy(after));
        addCheckpoints(differences, before.checkpoints(), after.checkpoints());
        addHidden(differences, "override ", before.overrides(), after.overrides());
        return List.copyOf(differences);
    }

    private static void add(List<SpecDifference> differences, String path, Object before, Object after) {
        if (!before.equals(after)) {
            differences.add(new SpecDifference(path, before.toString(), after.toString()));
        }
    }

    private static void addCheckpoints(
            List<SpecDifference> differences, Optional<Checkpointing> before, Optional<Checkpointing> after) {
        add(differences, "checkpoints", text(before), text(after));
        addHidden(differences, "checkpoints storage option ", options(before), options(after));
    }

    private static String parallelism(ClusterSpec spec) {
        return spec.defaultParallelism().map(String::valueOf).orElse(NOT_SET);
    }

    private static String strategy(ClusterSpec spec) {
        return spec.chosenRestartStrategy().map(String::valueOf).orElse("as the slots demand");
    }

    private static SortedMap<String, String> options(Optional<Checkpointing> checkpoints) {
        return checkpoints
                .map(checkpointing -> checkpointing.location().options())
                .orElseGet(TreeMap::new);
    }

    /** Without the storage's options, one of which may be a secret. */
    private static String text(Optional<Checkpointing> checkpoints) {
        return checkpoints.map(Checkpointing::toString).orElse(NOT_SET);
    }

    private static void addHidden(
            List<SpecDifference> differences,
            String subject,
            SortedMap<String, String> before,
            SortedMap<String, String> after) {
        TreeSet<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        for (String key : keys) {
            String was = before.get(key);
            String is = after.get(key);
            if (!Objects.equals(was, is)) {
                differences.add(new SpecDifference(
                        subject + key, was == null ? NOT_SET : HIDDEN, is == null ? NOT_SET : HIDDEN));
            }
        }
    }

    /** Returns {@code taskSlots: 1 → 2}. */
    @Override
    public String toString() {
        return path + ": " + before + " → " + after;
    }
}
