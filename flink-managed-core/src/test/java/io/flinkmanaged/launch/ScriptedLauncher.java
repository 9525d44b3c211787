package io.flinkmanaged.launch;

import io.flinkmanaged.config.Disruption;
import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.render.ClusterRenderer;
import io.flinkmanaged.render.Placement;
import io.flinkmanaged.render.RenderedCluster;
import io.flinkmanaged.spec.ClusterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A launcher whose clusters are what a test says they are. */
public final class ScriptedLauncher implements ClusterLauncher {

    private final List<ScriptedCluster> launched = new ArrayList<>();
    private Optional<String> trouble = Optional.empty();
    private Map<String, Supplier<CompletableFuture<Void>>> answers = Map.of();
    private final UnaryOperator<Disruption> takes;
    private int attempts;

    /** Makes one that ends and starts everything for whatever touches a process. */
    public ScriptedLauncher() {
        this(least -> least.compareTo(Disruption.JOBS) <= 0 ? least : Disruption.RESTART);
    }

    /** Makes one that says itself what a change takes. */
    public ScriptedLauncher(UnaryOperator<Disruption> takes) {
        this.takes = takes;
    }

    @Override
    public Disruption takes(Disruption least) {
        return takes.apply(least);
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public List<Finding> unkept(ClusterSpec spec) {
        return List.of();
    }

    @Override
    public LayeredConfiguration preview(ClusterSpec spec, List<Setting> settings) {
        return ClusterRenderer.render(spec, Placement.symbolic(), settings).configuration();
    }

    @Override
    public synchronized LaunchedCluster launch(LaunchOrder order, Runnable changed) {
        attempts++;
        trouble.ifPresent(reason -> {
            throw new LaunchException(order.spec().name().value(), reason, null);
        });
        RenderedCluster rendered =
                ClusterRenderer.render(order.spec(), new Placement(order.epoch(), order.directory()), order.settings());
        ScriptedCluster next = new ScriptedCluster(rendered, changed, this::answerTo);
        launched.add(next);
        return next;
    }

    /** From now on, every launch fails; with nothing, none does. */
    public synchronized void fail(Optional<String> reason) {
        trouble = reason;
    }

    /** From now on, every epoch answers these jobs' submissions so, and takes none of them. */
    public synchronized void answer(Map<String, Supplier<CompletableFuture<Void>>> byJob) {
        answers = Map.copyOf(byJob);
    }

    private synchronized Optional<CompletableFuture<Void>> answerTo(String job) {
        return Optional.ofNullable(answers.get(job)).map(Supplier::get);
    }

    /** Returns how often something was launched, or tried. */
    public synchronized int attempts() {
        return attempts;
    }

    /** Returns the epoch that was launched last. */
    public synchronized ScriptedCluster last() {
        return launched.get(launched.size() - 1);
    }

    @Override
    public void close() {}
}
