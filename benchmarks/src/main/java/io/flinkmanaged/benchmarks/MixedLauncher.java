package io.flinkmanaged.benchmarks;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.launch.LaunchOrder;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.spec.ClusterSpec;
import java.util.List;

/** Two launchers as one, so that one supervisor has the clusters of both. */
final class MixedLauncher implements ClusterLauncher {

    private final String marked;
    private final ClusterLauncher ofMarked;
    private final ClusterLauncher ofOthers;

    /**
     * Creates it.
     *
     * @param marked how the names of clusters begin that are the first launcher's
     */
    MixedLauncher(String marked, ClusterLauncher ofMarked, ClusterLauncher ofOthers) {
        this.marked = marked;
        this.ofMarked = ofMarked;
        this.ofOthers = ofOthers;
    }

    private ClusterLauncher of(ClusterSpec spec) {
        return spec.name().value().startsWith(marked) ? ofMarked : ofOthers;
    }

    @Override
    public String name() {
        return ofMarked.name() + " and " + ofOthers.name();
    }

    @Override
    public List<Finding> unkept(ClusterSpec spec) {
        return of(spec).unkept(spec);
    }

    @Override
    public List<Finding> judge(ClusterSpec spec) {
        return of(spec).judge(spec);
    }

    @Override
    public LayeredConfiguration preview(ClusterSpec spec, List<Setting> settings) {
        return of(spec).preview(spec, settings);
    }

    @Override
    public LaunchedCluster launch(LaunchOrder order, Runnable changed) {
        return of(order.spec()).launch(order, changed);
    }

    @Override
    public void close() {
        ofMarked.close();
        ofOthers.close();
    }
}
