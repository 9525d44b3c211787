package io.flinkmanaged.launch.process;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.flink.RestQuestions;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.internal.Polling;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.EffectiveConfiguration;
import io.flinkmanaged.launch.EndingCertificate;
import io.flinkmanaged.launch.HungProcess;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.launch.LaunchException;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.launch.TaskManagerObservation;
import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.render.RenderedNode;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.security.AccessGrant;
import io.flinkmanaged.security.Rotation;
import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An epoch that runs as processes. */
final class RunningNodes implements LaunchedCluster {

    private static final String WEB_TMP = "web.tmpdir";
    private static final Duration REST_IS_AS_OLD_AS = Duration.ofMillis(250);

    private final EpochHome home;
    private final NodeProcesses processes;
    private final NodeKills kills;
    private final NodeSeats seats;
    private final NodeReadiness readiness;
    private final NodeObservations observations;
    private final RestAddresses addresses;
    private final RestJobs jobs;
    private final Witness witness;
    private final TimeSource time;
    private final HungProcesses hung;
    private final Optional<Standbys> standbys;
    private final NodeFailures failures;
    private final EpochStart start;
    private final OwnCertificates own;

    RunningNodes(
            EpochHome home,
            NodeStart starts,
            NodeProcesses processes,
            RestAddresses addresses,
            RestJobs jobs,
            Witness witness,
            Optional<Standbys> standbys,
            TimeSource time) {
        this.home = home;
        this.processes = processes;
        this.addresses = addresses;
        this.jobs = jobs;
        this.witness = witness;
        this.time = time;
        this.standbys = standbys;
        this.kills = new NodeKills(home, processes);
        this.seats = new NodeSeats(home, starts, processes, kills, jobs, witness, standbys);
        this.readiness = new NodeReadiness(home, processes, jobs, time);
        this.hung = new HungProcesses(
                time, processes::living, new WorkWitnesses(home, jobs, witness, time), home::canBeCutOff);
        this.observations = new NodeObservations(home, processes, kills, jobs, hung, time);
        this.failures = new NodeFailures(home, processes);
        this.start = new EpochStart(home, seats, processes, readiness, witness, this::watch);
        this.own = new OwnCertificates(home.cluster(), home.security(), this::connectAnew, time);
    }

    /** Starts every process and waits until all do their part; if jobs come first, only until they are taken. */
    void startAll() throws Exception {
        start.all();
    }

    /** Takes over those that were found. */
    void adopt(List<HostProcess> living) {
        start.adopt(living);
    }

    @Override
    public void awaitReady() {
        try {
            start.awaitReady();
        } catch (Exception e) {
            restoreInterrupt(e);
            throw failures.notReady(e);
        }
    }

    private void watch(Set<Seat> working) {
        hung.start(working);
        standbys.ifPresent(Standbys::start);
    }

    private void end() {
        standbys.ifPresent(Standbys::close);
        hung.close();
        witness.close();
        jobs.close();
    }

    @Override
    public LayeredConfiguration configuration() {
        return home.configuration();
    }

    @Override
    public LayeredConfiguration configurationOf(ClusterSpec other, List<Setting> settings) {
        return home.configurationOf(other, settings);
    }

    @Override
    public URI webUi() {
        return addresses.current();
    }

    /** Whoever looks needs certificates that hold. */
    @Override
    public CompletableFuture<ClusterObservation> look() {
        own.renewIfDue();
        return observations.look(time.blocking());
    }

    @Override
    public ClusterObservation observe() {
        try {
            return get(observations.look(Runnable::run), NodeReadiness.ANSWER_WITHIN.multipliedBy(2));
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            restoreInterrupt(e);
            return observations.unanswered(Failures.rootCause(e));
        }
    }

    /** What REST tells is so old already; and what is asked of a JobManager that comes up takes from its jobs. */
    @Override
    public Duration lookPause() {
        return REST_IS_AS_OLD_AS;
    }

    @Override
    public List<TaskManagerObservation> taskManagers() {
        return processes.taskManagers();
    }

    @Override
    public List<EndingCertificate> endingCertificates() {
        return seats.ending(time.now());
    }

    @Override
    public EffectiveConfiguration effectiveConfiguration() {
        RestQuestions questions =
                new RestQuestions(addresses.current(), home.security().restContext());
        try {
            SortedMap<String, SortedMap<String, String>> ofTaskManagers = new TreeMap<>();
            for (String registered : questions.taskManagers()) {
                ofTaskManagers.put("TaskManager of " + registered, questions.taskManagerConfiguration(registered));
            }
            SortedMap<String, String> ofJobManager = questions.jobManagerConfiguration();
            // Flink adds a directory of its own to the one that it was given.
            ofJobManager.computeIfPresent(WEB_TMP, (key, value) -> value.replaceFirst("/flink-web-[0-9a-f-]+$", ""));
            return new EffectiveConfiguration(ofJobManager, ofTaskManagers, Map.of());
        } catch (IOException e) {
            throw new ManagedFlinkException(
                    Code.UNAVAILABLE,
                    clusterName(),
                    "cluster " + clusterName() + ": its REST interface does not answer (expected: its configuration). "
                            + "Ask again when it is healthy: " + Failures.rootCause(e),
                    e);
        }
    }

    @Override
    public JobGateway jobs() {
        return jobs;
    }

    @Override
    public AccessGrant grantAccess(String name, Duration lifetime) {
        return home.security()
                .grant(name, lifetime, addresses.current())
                .orElseGet(() -> LaunchedCluster.super.grantAccess(name, lifetime));
    }

    /** What is left of the former one is killed first: one that comes back would evict its successor. */
    @Override
    public String replaceTaskManager(NodeId node) {
        Seat seat = new Seat(node, Kind.TASK_MANAGER);
        Registration registration = new Registration(node, time, jobs::taskManagers);
        try {
            // Who is dead already may be put back later: jobs come first. Without the next, nothing might come of this.
            Set<Seat> deadBefore = processes.deaths().keySet();
            deadBefore.remove(seat);
            if (seats.startAnother(seat)) {
                registration.stoodBy();
            }
            readiness.await("it is registered", deadBefore, registration);
            return node.toString();
        } catch (Exception e) {
            restoreInterrupt(e);
            if (registration.isOverdue()) {
                kills.kill(List.of(seat), "it did not register");
            }
            throw failures.of(seat, "replaced", "another one, registered", e);
        }
    }

    @Override
    public void restart(NodeId node, Kind kind) {
        Seat seat = new Seat(node, kind);
        try {
            boolean unusedStoodBy = seats.startAnother(seat);
        } catch (IOException | RuntimeException e) {
            throw failures.of(seat, "restarted", "another one, started", e);
        }
    }

    @Override
    public void renew(NodeId node, Kind kind) {
        Seat seat = new Seat(node, kind);
        try {
            Set<Seat> deadBefore = processes.deaths().keySet();
            deadBefore.remove(seat);
            boolean unusedStoodBy = seats.startAnother(seat);
            readiness.await(
                    "it does its part",
                    deadBefore,
                    kind == Kind.ZOOKEEPER
                            ? readiness.zooKeeperServes()
                            : () -> readiness.jobManagerServes(home.node(node)));
        } catch (Exception e) {
            restoreInterrupt(e);
            throw failures.withLastWords(seat, "started anew", "another one that does its part", e);
        }
    }

    @Override
    public Optional<Rotation> rotation() {
        return home.security().rotation();
    }

    @Override
    public Rotation advanceRotation() {
        return own.advanceRotation();
    }

    @Override
    public void renewOwnCertificates() {
        own.renew();
    }

    private void connectAnew() {
        try {
            jobs.renew(home.security().restClient(addresses.current()));
        } catch (Exception e) {
            throw new LaunchException(
                    clusterName(),
                    new Finding(
                                    "REST client of cluster " + clusterName(),
                                    Failures.rootCause(e),
                                    "certificates of the authorities that are trusted now",
                                    "Ask once more for what was under way, a renewal or other authorities: it goes on where it "
                                            + "ended.")
                            .toString(),
                    e);
        }
        witness.reconnect();
    }

    @Override
    public void end(HungProcess hanging) {
        kills.kill(List.of(new Seat(hanging.node(), hanging.kind())), "it hung: " + hanging.evidence());
    }

    @Override
    public void killTaskManager(NodeId node) {
        kills.kill(List.of(new Seat(node, Kind.TASK_MANAGER)), "killed as a drill");
    }

    /** Kills the one that leads. */
    @Override
    public void killJobManager() {
        NodeId leader = leader().orElseThrow(() -> new LaunchException(
                clusterName(), "cluster " + clusterName() + ": no JobManager leads now. Try again.", null));
        kills.kill(List.of(new Seat(leader, Kind.JOB_MANAGER)), "killed as a drill");
    }

    @Override
    public Optional<NodeId> leader() {
        List<NodePlacement> placements =
                home.nodes().stream().map(RenderedNode::placement).toList();
        if (placements.size() == 1) {
            return Optional.of(placements.get(0).node());
        }
        Queue<NodeId> leaders = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> told = Polling.until(
                time,
                NodeReadiness.LOOK_PAUSE,
                NodeReadiness.ANSWER_WITHIN,
                () -> CompletableFuture.supplyAsync(
                        () -> leaders.addAll(witness.leaders(placements).orElse(Set.of())), time.blocking()));
        try {
            get(told, NodeReadiness.ANSWER_WITHIN.multipliedBy(2));
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            restoreInterrupt(e);
        }
        return leaders.stream().findFirst();
    }

    @Override
    public void killNode(NodeId node) {
        killNodes(List.of(node));
    }

    @Override
    public void killAll() {
        killNodes(home.nodes().stream().map(node -> node.placement().node()).toList());
    }

    private void killNodes(List<NodeId> nodes) {
        standbys.ifPresent(Standbys::end);
        kills.killNodes(nodes, "killed as a drill");
    }

    @Override
    public void hang(NodeId node, Kind kind) {
        Seat seat = new Seat(node, kind);
        try {
            Optional<HostProcess> process = processes.of(seat);
            if (process.isPresent()) {
                process.get().hang();
            }
        } catch (IOException e) {
            throw failures.of(seat, "stopped", "there, and doing nothing", e);
        }
    }

    @Override
    public StopConfirmation stop() {
        standbys.ifPresent(Standbys::close);
        List<HostProcess> left =
                new ArrayList<>(kills.stop(List.of(Kind.TASK_MANAGER, Kind.JOB_MANAGER), seats.endsWithin()));
        left.addAll(kills.stop(List.of(Kind.ZOOKEEPER), seats.endsWithin()));
        StopConfirmation stopped = home.ended(left);
        if (stopped.confirmed()) {
            // Who may live is looked at, and asked, until that is known.
            end();
        }
        return stopped;
    }

    @Override
    public StopConfirmation letGo() {
        end();
        return StopConfirmation.CONFIRMED;
    }

    /** Returns the last words of the dead, for whoever reads why a launch failed. */
    String lastWords() {
        return failures.lastWords();
    }

    private String clusterName() {
        return home.cluster().value();
    }

    private static <T> T get(CompletableFuture<T> future, Duration atMost)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void restoreInterrupt(Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }
}
