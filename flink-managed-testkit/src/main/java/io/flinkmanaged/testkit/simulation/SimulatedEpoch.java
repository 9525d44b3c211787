package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.EffectiveConfiguration;
import io.flinkmanaged.launch.HungProcess;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.LaunchException;
import io.flinkmanaged.launch.LaunchOrder;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.launch.TaskManagerObservation;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.security.Rotation;
import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.flink.configuration.CheckpointingOptions;

/** A running epoch of simulated processes. Belongs to its virtual time. */
final class SimulatedEpoch implements LaunchedCluster {

    private static final Duration NO_CHECKPOINTS = Duration.ofDays(36_500);

    private final SimulatedLauncher launcher;
    private final LaunchOrder order;
    private final Troubles troubles;
    private final SimulatedTime time;
    private final Pace pace;
    private final LayeredConfiguration configuration;
    private final SimulatedNodes nodes;
    private final Election election;
    private final SimulatedJobs jobs;
    private boolean recoveryDataIsLost;
    private CompletableFuture<Void> nextChange = new CompletableFuture<>();

    SimulatedEpoch(SimulatedLauncher launcher, LaunchOrder order, Troubles troubles, Runnable changed) {
        this.launcher = launcher;
        this.order = order;
        this.troubles = troubles;
        this.time = launcher.time();
        this.pace = new Pace(time);
        this.configuration = launcher.preview(order.spec(), order.settings());
        List<NodeId> ids = IntStream.rangeClosed(1, order.spec().plan().nodes())
                .mapToObj(NodeId::new)
                .toList();
        this.nodes = new SimulatedNodes(time, launcher.deeds(), cluster(), id(), ids, changed);
        this.election = new Election(time, nodes, () -> jobs().leaderIsLost(), this::elected);
        this.jobs = new SimulatedJobs(
                this,
                configuration
                        .toFlink()
                        .getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL)
                        .orElse(NO_CHECKPOINTS));
        nodes.watch(this::note);
    }

    // What its parts ask.

    SimulatedTime time() {
        return time;
    }

    Deeds deeds() {
        return launcher.deeds();
    }

    ClusterName cluster() {
        return order.spec().name();
    }

    Epoch id() {
        return order.epoch();
    }

    SimulatedNodes nodes() {
        return nodes;
    }

    Troubles troubles() {
        return troubles;
    }

    int slotsOfTaskManager() {
        return order.spec().taskSlots();
    }

    boolean hasLeader() {
        return election.hasLeader();
    }

    boolean answers() {
        return election.hasLeader() && !troubles.isSilent();
    }

    Workload workloadOf(JobName job) {
        return launcher.workloadOf(job);
    }

    void ended(SimulatedJob job) {
        launcher.ended(job);
    }

    // What happens to it.

    private void note(SimulatedProcess process) {
        election.note(process);
        if (process.is(Kind.TASK_MANAGER)) {
            jobs.note(process);
        }
        if (nodes.allAreDead()) {
            jobs.epochIsGone();
        }
        somethingChanged();
    }

    private void elected(SimulatedProcess leader) {
        try {
            if (recoveryDataIsLost) {
                throw new IOException("it is gone");
            }
            jobs.leaderIsElected();
        } catch (IOException e) {
            // As Flink does: a dispatcher that cannot recover its jobs ends its process.
            nodes.kill(List.of(leader), "it cannot read what the former leader left behind: " + e.getMessage());
            return;
        }
        troublesChanged();
    }

    /** From now on nobody who is elected finds what he needs to lead. */
    void loseRecoveryData() {
        recoveryDataIsLost = true;
        deeds().recoveryDataLost(id());
    }

    /** REST answers again, perhaps. */
    void troublesChanged() {
        if (answers()) {
            jobs.answersAgain();
        }
        somethingChanged();
    }

    private void somethingChanged() {
        CompletableFuture<Void> change = nextChange;
        nextChange = new CompletableFuture<>();
        change.complete(null);
    }

    /** Blocks until something is so, or no time is left. */
    private boolean await(Duration atMost, BooleanSupplier condition) {
        long deadline = time.ticks() + atMost.toNanos();
        try {
            while (!condition.getAsBoolean()) {
                long left = deadline - time.ticks();
                if (left <= 0) {
                    return false;
                }
                boolean unused = time.await(nextChange, Duration.ofNanos(left));
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void takes(Duration duration) {
        boolean unused = await(duration, () -> false);
    }

    // What the library asks and says.

    /** Starts every process and waits until all TaskManagers are registered. */
    void start() {
        boolean fails = troubles.failsThisOperation();
        for (NodeId node : nodes.ids()) {
            for (Kind kind : Kind.values()) {
                SimulatedProcess unused = nodes.start(node, kind);
                if (fails && kind == Kind.JOB_MANAGER) {
                    throw failed(
                            node + ": its " + kind.directory() + " could not be started, because a fault wants it");
                }
            }
        }
        boolean up = await(Pace.UP_WITHIN, () -> isWhole() || !nodes.deaths().isEmpty());
        if (!up || !nodes.deaths().isEmpty()) {
            throw failed(up ? nodes.deaths() : "not every TaskManager registered in time");
        }
    }

    private boolean isWhole() {
        return answers() && nodes.all(Kind.TASK_MANAGER).allMatch(SimulatedProcess::works);
    }

    @Override
    public LayeredConfiguration configuration() {
        return configuration;
    }

    @Override
    public LayeredConfiguration configurationOf(ClusterSpec other, List<Setting> settings) {
        return launcher.preview(other, settings);
    }

    @Override
    public URI webUi() {
        return URI.create("http://" + cluster() + ".simulated:8081");
    }

    @Override
    public CompletableFuture<ClusterObservation> look() {
        if (nodes.allAreDead()) {
            return CompletableFuture.completedFuture(dead());
        }
        if (nodes.all(Kind.JOB_MANAGER).noneMatch(SimulatedProcess::isAlive)) {
            return CompletableFuture.completedFuture(seen(Liveness.UNKNOWN, nodes.deaths(), List.of()));
        }
        if (answers()) {
            return CompletableFuture.completedFuture(afterTheWait());
        }
        CompletableFuture<Void> over = new CompletableFuture<>();
        TimeSource.Cancellable tooLate = time.delay(Pace.ANSWER_WITHIN, () -> over.complete(null));
        completeWhen(over, () -> answers() || nodes.allAreDead());
        return over.thenApply(unused -> {
            tooLate.cancel();
            return afterTheWait();
        });
    }

    private ClusterObservation afterTheWait() {
        if (nodes.allAreDead()) {
            return dead();
        }
        return answers()
                ? seen(Liveness.ANSWERS, "", jobs.observed())
                : seen(Liveness.UNKNOWN, "no answer within " + Pace.ANSWER_WITHIN.toSeconds() + " s", List.of());
    }

    /** Looks again at each change until something is so, or nobody waits for it any more. */
    private void completeWhen(CompletableFuture<Void> waited, BooleanSupplier condition) {
        if (condition.getAsBoolean()) {
            waited.complete(null);
        } else if (!waited.isDone()) {
            CompletableFuture<Void> unused = nextChange.thenRun(() -> completeWhen(waited, condition));
        }
    }

    @Override
    public ClusterObservation observe() {
        CompletableFuture<ClusterObservation> look = look();
        try {
            boolean unused = time.await(look, Pace.ANSWER_WITHIN.multipliedBy(2));
            return look.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return seen(Liveness.UNKNOWN, "the look was interrupted", List.of());
        }
    }

    private ClusterObservation dead() {
        return seen(Liveness.DEAD, "every process ended: " + nodes.deaths(), List.of());
    }

    private ClusterObservation seen(Liveness liveness, String detail, List<JobObservation> ofJobs) {
        List<HungProcess> hung = liveness == Liveness.DEAD ? List.of() : nodes.hung(liveness == Liveness.ANSWERS);
        return new ClusterObservation(
                time.now(), liveness, detail, nodes.taskManagers(), nodes.lost(), hung, List.of(), List.of(), ofJobs);
    }

    @Override
    public Duration lookPause() {
        return Duration.ofMillis(250);
    }

    @Override
    public List<TaskManagerObservation> taskManagers() {
        return nodes.taskManagers();
    }

    @Override
    public EffectiveConfiguration effectiveConfiguration() {
        if (!answers()) {
            throw new ManagedFlinkException(
                    Code.UNAVAILABLE,
                    cluster().value(),
                    "cluster " + cluster() + ": its REST interface does not answer (expected: its configuration). Ask "
                            + "again when it is healthy.",
                    null);
        }
        SortedMap<String, String> keys = new TreeMap<>();
        configuration.effective().forEach(setting -> keys.put(setting.key(), setting.value()));
        SortedMap<String, String> ofTaskManager = new TreeMap<>();
        ofTaskManager.put("taskmanager.numberOfTaskSlots", Integer.toString(slotsOfTaskManager()));
        SortedMap<String, SortedMap<String, String>> taskManagers = new TreeMap<>();
        nodes.all(Kind.TASK_MANAGER)
                .filter(SimulatedProcess::works)
                .forEach(process -> taskManagers.put("TaskManager of " + process.node(), ofTaskManager));
        return new EffectiveConfiguration(keys, taskManagers, Map.of());
    }

    @Override
    public SimulatedJobs jobs() {
        return jobs;
    }

    @Override
    public String replaceTaskManager(NodeId node) {
        SimulatedProcess former = nodes.of(node, Kind.TASK_MANAGER);
        deeds().exchanging(cluster(), id(), former, "replaced");
        boolean fails = troubles.failsThisOperation();
        nodes.kill(List.of(former), "it is replaced");
        SimulatedProcess next = nodes.start(node, Kind.TASK_MANAGER);
        if (fails) {
            nodes.kill(List.of(next), "a fault wants it");
        }
        boolean registered = await(Pace.UP_WITHIN, () -> (next.works() && answers()) || !next.isAlive());
        if (!registered || !next.isAlive()) {
            throw failed(node + ": its TaskManager could not be replaced: "
                    + next.death().map(death -> death.cause()).orElse("it did not register in time"));
        }
        return next.resourceId();
    }

    @Override
    public void restart(NodeId node, Kind kind) {
        SimulatedProcess former = nodes.of(node, kind);
        deeds().exchanging(cluster(), id(), former, "restarted");
        nodes.kill(List.of(former), "it is replaced");
        if (troubles.failsThisOperation()) {
            throw failed(node + ": its " + kind.directory() + " could not be restarted, because a fault wants it");
        }
        SimulatedProcess unused = nodes.start(node, kind);
    }

    @Override
    public void renew(NodeId node, Kind kind) {
        SimulatedProcess former = nodes.of(node, kind);
        deeds().exchanging(cluster(), id(), former, "renewed");
        nodes.kill(List.of(former), "it gets another certificate");
        SimulatedProcess next = nodes.start(node, kind);
        if (!await(Pace.UP_WITHIN, () -> next.works() || !next.isAlive()) || !next.isAlive()) {
            throw failed(node + ": its " + kind.directory() + " could not be started anew");
        }
    }

    /** Its certificates are names: a renewal starts processes anew, and nothing else. */
    @Override
    public Optional<Rotation> rotation() {
        return Optional.of(Rotation.SETTLED);
    }

    @Override
    public Rotation advanceRotation() {
        throw failed("its certificates have no authorities that could be replaced");
    }

    @Override
    public void end(HungProcess hung) {
        SimulatedProcess process = nodes.of(hung.node(), hung.kind());
        deeds().exchanging(cluster(), id(), process, "ended");
        takes(pace.answer());
        nodes.kill(List.of(process), "it hung: " + hung.evidence());
    }

    @Override
    public void killTaskManager(NodeId node) {
        nodes.kill(List.of(nodes.of(node, Kind.TASK_MANAGER)), "killed as a drill");
    }

    @Override
    public void killNode(NodeId node) {
        nodes.kill(nodes.on(node), "killed as a drill");
    }

    @Override
    public void killAll() {
        nodes.kill(nodes.all().toList(), "killed as a drill");
    }

    @Override
    public Optional<NodeId> leader() {
        return election.leader();
    }

    @Override
    public void killJobManager() {
        NodeId leading = leader().orElseThrow(() -> failed("no JobManager leads now. Try again."));
        nodes.kill(List.of(nodes.of(leading, Kind.JOB_MANAGER)), "killed as a drill");
    }

    @Override
    public StopConfirmation stop() {
        deeds().stopping(cluster(), id());
        if (!nodes.allAreDead()) {
            takes(pace.end());
            nodes.kill(nodes.all().toList(), "it was stopped");
        }
        boolean confirmed = !troubles.confirmsNothing();
        deeds().stopped(cluster(), id(), confirmed);
        return confirmed
                ? StopConfirmation.CONFIRMED
                : new StopConfirmation(
                        false, "whether its processes are dead cannot be told, because a fault wants it");
    }

    @Override
    public StopConfirmation letGo() {
        return launcher.place().isPresent() ? StopConfirmation.CONFIRMED : stop();
    }

    private LaunchException failed(String why) {
        return new LaunchException(cluster().value(), "cluster " + cluster() + ", " + id() + ": " + why, null);
    }
}
