package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.launch.LaunchException;
import io.flinkmanaged.launch.LaunchOrder;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.ProcessIdentity.Liveness;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.ClusterRenderer;
import io.flinkmanaged.render.Placement;
import io.flinkmanaged.spec.ClusterSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Runs clusters that are simulated, on virtual time or in that of a running library: nodes with a peer of ZooKeeper, a JobManager and a TaskManager each, that
 * elect a leader, give slots to jobs, restart them, and take checkpoints. Checkpoints are really written, with Flink's own
 * metadata, wherever a job's configuration says.
 *
 * <pre>{@code
 * try (VirtualTime time = VirtualTime.seeded(42);
 *         SimulatedLauncher launcher = new SimulatedLauncher(time)) {
 *     launcher.run(new JobName("delays"), new Workload(1_000_000, 500, 2));
 *     …
 * }
 * }</pre>
 *
 * <p>What it shows is that of the launcher of processes, whose contract it passes, on a machine that has what it needs.
 * Nothing of a user runs: a job is a {@link Workload}, and its plan is not looked at. Nothing is encrypted, a renewal of certificates starts processes anew and no more, no port is open, and
 * {@link LaunchedCluster#webUi()} leads nowhere.
 *
 * <p>With a virtual time it belongs to that: to be used by its outside thread, and within it. {@link #close()} does nothing.
 */
public final class SimulatedLauncher implements ClusterLauncher {

    private final SimulatedTime time;
    private final Deeds deeds;
    private final Map<JobName, Workload> workloads = new HashMap<>();
    private final Map<JobName, Long> counted = new HashMap<>();
    private final Map<ClusterName, Troubles> troubles = new HashMap<>();
    private final Map<ClusterName, SimulatedEpoch> epochs = new HashMap<>();
    private final Map<Rendering, LayeredConfiguration> rendered = new HashMap<>();
    private boolean outlivesLibraries;

    /**
     * Creates a launcher.
     *
     * @param time the time in which its clusters live; closed by the caller
     */
    public SimulatedLauncher(VirtualTime time) {
        this(time, Deeds.UNTOLD);
    }

    /**
     * Creates a launcher whose clusters live in the time of a running library: for
     * {@link io.flinkmanaged.ManagedFlinkBuilder#launching}, where many clusters are wanted that cost next to nothing. Then it is
     * thread-safe.
     *
     * @param time the library's time; closed by its owner
     * @param seed decides how long things take
     * @param speed how many times quicker they are than measured of real clusters; at least 1
     */
    public SimulatedLauncher(TimeSource time, long seed, int speed) {
        this(new InRealTime(time, seed, speed), Deeds.UNTOLD);
    }

    /** Creates a launcher that tells what is done to its clusters. */
    SimulatedLauncher(VirtualTime time, Deeds deeds) {
        this(new InVirtualTime(time), deeds);
    }

    private SimulatedLauncher(SimulatedTime time, Deeds deeds) {
        this.time = time;
        this.deeds = deeds;
    }

    /**
     * Says what jobs of a name do; those that nobody spoke of are {@link Workload#ENDLESS}.
     *
     * @param job the name, in any cluster
     * @param workload what they do
     */
    public void run(JobName job, Workload workload) {
        boolean unused = time.alone(() -> {
            workloads.put(job, workload);
            return true;
        });
    }

    /**
     * Returns what a job had counted when it ended: from its state, so no number that was lost or counted twice would be missed.
     *
     * @param job its name
     * @return of the last one of that name; empty while none has ended
     */
    public OptionalLong counted(JobName job) {
        Long last = time.alone(() -> counted.get(job));
        return last == null ? OptionalLong.empty() : OptionalLong.of(last);
    }

    /** From now on its clusters go on without the library that launched them, and another one can take them over. */
    void outliveLibraries() {
        outlivesLibraries = true;
    }

    SimulatedTime time() {
        return time;
    }

    Deeds deeds() {
        return deeds;
    }

    Workload workloadOf(JobName job) {
        return workloads.getOrDefault(job, Workload.ENDLESS);
    }

    void ended(SimulatedJob job) {
        counted.put(job.submission().name(), job.counted(time.ticks()));
    }

    /** Returns what is wrong with a cluster. */
    Troubles troublesOf(ClusterName cluster) {
        return troubles.computeIfAbsent(cluster, unused -> new Troubles(time));
    }

    /** Returns a cluster's newest epoch: that which runs, is starting, or has ended. */
    Optional<SimulatedEpoch> epochOf(ClusterName cluster) {
        return Optional.ofNullable(epochs.get(cluster));
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public List<Finding> unkept(ClusterSpec spec) {
        return List.of();
    }

    @Override
    public LayeredConfiguration preview(ClusterSpec spec, List<Setting> settings) {
        return time.alone(() ->
                rendered.computeIfAbsent(new Rendering(spec, List.copyOf(settings)), unused -> ClusterRenderer.render(
                                spec, Placement.symbolic(), settings)
                        .configuration()));
    }

    @Override
    public LaunchedCluster launch(LaunchOrder order, Runnable changed) {
        return time.alone(() -> time.door(LaunchedCluster.class, launchAlone(order, changed)));
    }

    private SimulatedEpoch launchAlone(LaunchOrder order, Runnable changed) {
        ClusterName cluster = order.spec().name();
        deeds.launching(cluster, order.epoch());
        requireNobody(cluster);
        SimulatedEpoch epoch = new SimulatedEpoch(this, order, troublesOf(cluster), changed);
        epochs.put(cluster, epoch);
        try {
            epoch.start();
            return epoch;
        } catch (LaunchException e) {
            epoch.nodes().kill(epoch.nodes().all().toList(), "the launch failed");
            throw e;
        }
    }

    @Override
    public Optional<String> place() {
        return outlivesLibraries ? Optional.of("simulated") : Optional.empty();
    }

    @Override
    public Liveness livenessOf(ClusterName cluster, Epoch epoch) {
        boolean lives = epochOf(cluster)
                .filter(one -> one.id().equals(epoch) && !one.nodes().allAreDead())
                .isPresent();
        if (!lives) {
            deeds.foundDead(epoch);
        }
        return lives ? Liveness.ALIVE : Liveness.DEAD;
    }

    @Override
    public Optional<LaunchedCluster> adopt(LaunchOrder order, Runnable changed) {
        Optional<SimulatedEpoch> living = epochOf(order.spec().name())
                .filter(one -> one.id().equals(order.epoch()) && !one.nodes().allAreDead());
        living.ifPresent(epoch -> epoch.nodes().announceTo(changed));
        return living.map(epoch -> time.door(LaunchedCluster.class, epoch));
    }

    /**
     * Lets a cluster answer nobody for a while; its jobs go on.
     *
     * @param cluster its name
     * @param lasts how long, from now on
     */
    public void silence(ClusterName cluster, Duration lasts) {
        boolean unused = time.alone(() -> {
            troublesOf(cluster).silence(lasts);
            TimeSource.Cancellable unusedEnd =
                    time.delay(lasts, () -> epochOf(cluster).ifPresent(SimulatedEpoch::troublesChanged));
            return true;
        });
    }

    /** As on a real machine: whoever lives there keeps others out. */
    private void requireNobody(ClusterName cluster) {
        epochOf(cluster).filter(epoch -> !epoch.nodes().allAreDead()).ifPresent(epoch -> {
            throw new LaunchException(
                    cluster.value(),
                    "cluster " + cluster + ": " + epoch.id() + " lives (expected: dead). Stop it.",
                    null);
        });
    }

    @Override
    public void close() {}

    private record Rendering(ClusterSpec spec, List<Setting> settings) {}
}
