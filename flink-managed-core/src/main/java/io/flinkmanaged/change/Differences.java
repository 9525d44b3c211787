package io.flinkmanaged.change;

import io.flinkmanaged.config.Disruption;
import io.flinkmanaged.config.KeyCatalogue;
import io.flinkmanaged.config.KeyChange;
import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What differs between two specs of a cluster: the size, and every Flink key that has another value in effect. A setting
 * that changes nothing in effect is listed as that.
 */
final class Differences {

    private static final String OVERRIDE = "override ";
    private static final String HIDDEN = "…";
    private static final String NOT_SET = "not set";

    private final ClusterSpec from;
    private final ClusterSpec to;
    private final ClusterLauncher launcher;
    private final Function<ClusterSpec, LayeredConfiguration> rendering;
    private final List<Difference> found = new ArrayList<>();

    private Differences(
            ClusterSpec from,
            ClusterSpec to,
            ClusterLauncher launcher,
            Function<ClusterSpec, LayeredConfiguration> rendering) {
        this.from = from;
        this.to = to;
        this.launcher = launcher;
        this.rendering = rendering;
    }

    /** Compares; pure. */
    static List<Difference> between(
            ClusterSpec from,
            ClusterSpec to,
            ClusterLauncher launcher,
            Function<ClusterSpec, LayeredConfiguration> rendering) {
        if (from.equals(to)) {
            return List.of();
        }
        Differences differences = new Differences(from, to, launcher, rendering);
        differences.addWhatStays();
        differences.addPlan();
        differences.addKeys();
        differences.addWithoutEffect();
        return List.copyOf(differences.found);
    }

    /** What a cluster keeps for ever; a change of it is refused. */
    private void addWhatStays() {
        if (!from.name().equals(to.name())) {
            String reason = "a cluster is its name";
            found.add(new Difference(
                    "name",
                    from.name().value(),
                    to.name().value(),
                    Disruption.REPLACE,
                    StateCarriage.INCOMPATIBLE,
                    reason));
        }
        if (!Judgement.locationOf(from).equals(Judgement.locationOf(to))) {
            String reason = "the state of every job lies there, and nothing moves it";
            found.add(new Difference(
                    "checkpoints location",
                    Judgement.text(Judgement.locationOf(from)),
                    Judgement.text(Judgement.locationOf(to)),
                    Disruption.RESTART,
                    StateCarriage.INCOMPATIBLE,
                    reason));
        }
    }

    private void addPlan() {
        if (!from.plan().equals(to.plan())) {
            add(
                    "plan",
                    text(from.plan()),
                    text(to.plan()),
                    Disruption.REPLACE,
                    false,
                    "nodes of another size or number take the place of these");
        }
    }

    private void addKeys() {
        LayeredConfiguration before = rendering.apply(from);
        LayeredConfiguration after = rendering.apply(to);
        SortedSet<String> keys = new TreeSet<>();
        before.effective().forEach(setting -> keys.add(setting.key()));
        after.effective().forEach(setting -> keys.add(setting.key()));
        for (String key : keys) {
            Optional<Setting> was = before.effective(key);
            Optional<Setting> is = after.effective(key);
            if (!valueOf(key, was).equals(valueOf(key, is))) {
                KeyChange change = KeyChange.of(key);
                add(
                        key,
                        shown(key, was),
                        shown(key, is),
                        change.disruption(),
                        change.needsSavepoint(),
                        change.reason());
            }
        }
    }

    /** Overrides that say what is so anyway, and settings that only matter to the library. */
    private void addWithoutEffect() {
        boolean somethingElse = !found.isEmpty();
        for (SpecDifference difference : SpecDifference.between(from, to)) {
            boolean isOverride = difference.path().startsWith(OVERRIDE);
            String key = isOverride ? difference.path().substring(OVERRIDE.length()) : difference.path();
            boolean isListed = found.stream().anyMatch(listed -> listed.path().equals(key));
            if (!isListed && (isOverride || !somethingElse)) {
                add(
                        difference.path(),
                        difference.before(),
                        difference.after(),
                        Disruption.NONE,
                        false,
                        "no value in effect changes");
            }
        }
    }

    private void add(
            String path, String before, String after, Disruption least, boolean needsSavepoint, String reason) {
        Disruption here = here(least);
        String because =
                here == least ? reason : reason + "; " + launcher.name() + " ends and starts everything for it";
        found.add(new Difference(path, before, after, here, carriage(here, needsSavepoint), because));
    }

    /** One node has no other one that could go on while it restarts. */
    private Disruption here(Disruption least) {
        Disruption here = launcher.takes(least);
        return here == Disruption.ROLLING && from.plan().nodes() == 1 ? Disruption.RESTART : here;
    }

    private StateCarriage carriage(Disruption here, boolean needsSavepoint) {
        if (here.compareTo(Disruption.JOBS) < 0) {
            return StateCarriage.UNTOUCHED;
        }
        // Without periodic checkpoints there may be none to continue from.
        boolean savepoint = needsSavepoint || from.checkpoints().isEmpty();
        return savepoint && here != Disruption.ROLLING ? StateCarriage.SAVEPOINT : StateCarriage.CHECKPOINT;
    }

    private static Optional<String> valueOf(String key, Optional<Setting> setting) {
        return setting.map(Setting::value).or(() -> KeyCatalogue.ofFlink().defaultOf(key));
    }

    /** A plug-in's own key may be called anything, also where it holds a secret. */
    private static String shown(String key, Optional<Setting> setting) {
        if (setting.isEmpty()) {
            return KeyCatalogue.ofFlink()
                    .defaultOf(key)
                    .map(value -> value + " (Flink's default)")
                    .orElse(NOT_SET);
        }
        return KeyCatalogue.ofFlink().isListed(key) ? setting.get().shownValue() : HIDDEN;
    }

    private static String text(Plan plan) {
        return plan.name() + " (" + plan.nodes() + " × " + plan.nodeMemory().toHumanReadableString() + ", "
                + plan.nodeCpus() + " CPU)";
    }

    /** Returns the strongest disruption of some differences. */
    static Disruption disruptionOf(List<Difference> differences) {
        return differences.stream().map(Difference::disruption).reduce(Disruption.NONE, Disruption::or);
    }

    /** Returns the hardest way of carrying state of some differences. */
    static StateCarriage carriageOf(List<Difference> differences) {
        return differences.stream().map(Difference::state).reduce(StateCarriage.UNTOUCHED, StateCarriage::or);
    }

    /** Returns differences as lines for people. */
    static String lines(List<Difference> differences) {
        return differences.stream().map(difference -> "\n  " + difference).collect(Collectors.joining());
    }
}
