package io.flinkmanaged.launch;

import io.flinkmanaged.config.Disruption;
import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.ProcessIdentity.Liveness;
import io.flinkmanaged.spec.ClusterSpec;
import java.util.List;
import java.util.Optional;

/**
 * A way of running clusters: in this JVM, as processes, on machines.
 *
 * <p>Thread-safe. Only launchers and storage adapters touch the world.
 */
public interface ClusterLauncher extends AutoCloseable {

    /** Returns what the way is called, such as {@code in-process}. */
    String name();

    /**
     * Returns what the launcher cannot keep of a spec.
     *
     * @param spec what is wanted
     * @return findings; empty if it keeps everything
     */
    List<Finding> unkept(ClusterSpec spec);

    /**
     * Judges whether a spec can run where the launcher runs clusters: machine, memory, programs.
     *
     * @param spec what is wanted
     * @return findings, advice included; empty if nothing stands against it
     */
    default List<Finding> judge(ClusterSpec spec) {
        return List.of();
    }

    /**
     * Returns what a change takes here that could be had by less where processes can be exchanged one by one.
     *
     * @param least what the change takes at least
     * @return the same or more; unless a launcher says otherwise, whatever touches a process ends and starts all of them
     */
    default Disruption takes(Disruption least) {
        return least.compareTo(Disruption.JOBS) <= 0 ? least : Disruption.RESTART;
    }

    /**
     * Explains a spec that is not launched: as {@link #launch} would render it, with names in the place of ports and
     * directories.
     *
     * @param spec what is wanted
     * @param settings what else decides keys
     */
    LayeredConfiguration preview(ClusterSpec spec, List<Setting> settings);

    /**
     * Places and renders an epoch, starts it, and waits until it answers with all its TaskManagers. May take seconds;
     * blocks.
     *
     * @param order what is wanted of it
     * @param changed called, on any thread and without blocking it, when a look at the cluster is worthwhile: a process
     *     died, say. It may be called before this method returns
     * @return the running epoch; the caller stops it
     * @throws LaunchException if it could not be started; then nothing of it is left
     */
    LaunchedCluster launch(LaunchOrder order, Runnable changed);

    /**
     * Returns where processes go on without this JVM, so that another launcher of the same place finds them; empty if they
     * end with this JVM.
     */
    default Optional<String> place() {
        return Optional.empty();
    }

    /**
     * Returns whether processes of an epoch live in this launcher's {@link #place()}.
     *
     * @param cluster its cluster
     * @param epoch the epoch
     */
    default Liveness livenessOf(ClusterName cluster, Epoch epoch) {
        return Liveness.UNKNOWN;
    }

    /**
     * Takes over an epoch whose processes live in this launcher's place, of whichever JVM they were children. Those of it
     * that have died meanwhile are observed as lost. Blocks.
     *
     * @param order what the epoch was launched with
     * @param changed as for {@link #launch}
     * @return the running epoch; empty if none of its processes lives
     * @throws LaunchException if it could not be taken over; it lives on
     */
    default Optional<LaunchedCluster> adopt(LaunchOrder order, Runnable changed) {
        return Optional.empty();
    }

    /**
     * Ends the processes of an epoch that live in this launcher's place, of whichever JVM they were children, and that nobody
     * has taken over. Blocks.
     *
     * @param order what the epoch was launched with
     * @return confirmed if none lives, also if none did
     */
    default StopConfirmation end(LaunchOrder order) {
        return adopt(order, () -> {}).map(LaunchedCluster::stop).orElse(StopConfirmation.CONFIRMED);
    }

    /** Releases what the launched clusters shared; they have been stopped before. */
    @Override
    void close();
}
