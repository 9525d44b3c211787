package io.flinkmanaged.launch.process;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.flink.RestQuestions;
import io.flinkmanaged.internal.Deadline;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.internal.Polling;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.EffectiveConfiguration;
import io.flinkmanaged.launch.EndingCertificate;
import io.flinkmanaged.launch.HungProcess;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.LaunchException;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.LostProcess;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.launch.TaskManagerObservation;
import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.render.RenderedNode;
import io.flinkmanaged.render.RenderedProcess;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.security.AccessGrant;
import io.flinkmanaged.security.Rotation;
import io.flinkmanaged.security.ZooKeeperClientIdentity;
import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
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
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** An epoch that runs as processes. */
final class RunningNodes implements LaunchedCluster {

    private static final String WEB_TMP = "web.tmpdir";
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    /** A process that is being ended is dead by then, or stuck in the kernel. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);

    private static final Duration UP_WITHIN = Duration.ofMinutes(5);
    /** Each question is a TLS connection of its own, and takes from what it waits for. */
    private static final Duration LOOK_PAUSE = Duration.ofMillis(200);

    private static final Duration REST_IS_AS_OLD_AS = Duration.ofMillis(250);

    private final EpochHome home;
    private final NodeStart starts;
    private final NodeProcesses processes;
    private final RestAddresses addresses;
    private final RestJobs jobs;
    private final Witness witness;
    private final Object dying = new Object();
    private final TimeSource time;
    private final Validities validities;
    private final HungProcesses hung;
    private final Optional<Standbys> standbys;

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
        this.starts = starts;
        this.processes = processes;
        this.addresses = addresses;
        this.jobs = jobs;
        this.witness = witness;
        this.time = time;
        this.validities = new Validities(home.security());
        this.standbys = standbys;
        this.hung =
                new HungProcesses(time, processes::living, new WorkWitnesses(home, jobs, witness), home::canBeCutOff);
    }

    /** Starts every process and waits until all TaskManagers are registered. */
    void startAll() throws Exception {
        for (RenderedNode node : home.nodes()) {
            starts.put(node);
        }
        startAll(List.of(Kind.ZOOKEEPER));
        // A JobManager that finds no ZooKeeper asks again only after a while.
        await("ZooKeeper serves its clients", Set.of(), this::zooKeeperServes);
        witness.prepare();
        startFirstJobManager();
        startAll(List.of(Kind.TASK_MANAGER));
        await("every TaskManager is registered", Set.of(), () -> jobs.taskManagers()
                .thenApply(registered -> registered.size() >= home.nodes().size()));
        startOtherJobManagers();
        hung.start();
        standbys.ifPresent(Standbys::start);
    }

    private void startAll(List<Kind> kinds) throws IOException {
        for (Kind kind : kinds) {
            for (RenderedNode node : home.nodes()) {
                RenderedProcess process = node.process(kind);
                take(NodeStart.seatOf(node, process), starts.start(node, process));
            }
        }
    }

    private void startFirstJobManager() throws IOException {
        RenderedNode first = home.nodes().get(0);
        RenderedProcess process = first.process(Kind.JOB_MANAGER);
        take(NodeStart.seatOf(first, process), starts.start(first, process));
    }

    /**
     * They stand by, so they have the time to rehearse, and the first one has had the processors meanwhile. Where jobs of a
     * former epoch wait to be continued, they are put back after those, like any reserve that is missing.
     */
    private void startOtherJobManagers() throws Exception {
        for (RenderedNode node : home.nodes().subList(1, home.nodes().size())) {
            RenderedProcess process = node.process(Kind.JOB_MANAGER);
            Seat seat = NodeStart.seatOf(node, process);
            if (home.continuesAnother()) {
                processes.leaveEmpty(seat, "it is started after the jobs");
            } else {
                take(seat, starts.startRehearsed(node, process));
            }
        }
        if (!home.continuesAnother()) {
            await("every JobManager answers", Set.of(), () -> CompletableFuture.runAsync(
                            () -> home.nodes().forEach(this::requireAnswer), time.blocking())
                    .thenApply(answered -> true));
        }
    }

    private void end() {
        standbys.ifPresent(Standbys::close);
        hung.close();
        witness.close();
        jobs.close();
    }

    private CompletableFuture<Boolean> zooKeeperServes() {
        Optional<SSLContext> identity = home.security().zooKeeperClient().map(ZooKeeperClientIdentity::sslContext);
        return CompletableFuture.supplyAsync(
                () -> home.nodes().stream().allMatch(node -> ZooKeeperPeer.serves(home.zooKeeper(node), identity)),
                time.blocking());
    }

    /** Takes the seats as they are found: by the living, or empty. Who only stands by does so for somebody else. */
    void adopt(List<HostProcess> living) {
        witness.prepare();
        for (RenderedNode node : home.nodes()) {
            for (RenderedProcess process : node.processes()) {
                Seat seat = NodeStart.seatOf(node, process);
                living.stream()
                        .filter(one -> holds(one, node, process.kind()))
                        .findFirst()
                        .ifPresentOrElse(
                                one -> take(seat, one), () -> processes.leaveEmpty(seat, "it was not there any more"));
            }
        }
        Set<HostProcess> seated = new HashSet<>(processes.living().values());
        List<HostProcess> unused =
                Ending.end(living.stream().filter(one -> !seated.contains(one)).toList(), Duration.ZERO);
        hung.start();
        standbys.ifPresent(Standbys::start);
    }

    private boolean holds(HostProcess process, RenderedNode node, Kind kind) {
        Path seat = node.placement().directory().resolve(kind.directory());
        Path startedAs = Path.of(process.startedAs());
        return startedAs.equals(seat)
                || (startedAs.startsWith(seat) && Standbys.hasBegun(process, home.hostOf(node.placement())));
    }

    private void take(Seat seat, HostProcess process) {
        processes.take(seat, process);
        standbys.ifPresent(Standbys::noteStart);
        if (seat.kind() == Kind.JOB_MANAGER) {
            NodePlacement placement = home.node(seat.node()).placement();
            CompletableFuture<Void> unused = process.whenEnded().thenAccept(status -> {
                witness.jobManagerIsDead(placement);
                jobs.jobManagerDied();
            });
        }
        validities.note(seat, process);
    }

    /** Waits for an answer that is a yes; failures are none, but another death ends the waiting. */
    private void await(String what, Set<Seat> deadBefore, Supplier<CompletableFuture<Boolean>> question)
            throws Exception {
        CompletableFuture<Void> up = Polling.until(time, LOOK_PAUSE, UP_WITHIN, () -> {
            Map<Seat, TaskManagerObservation.Death> dead = processes.deaths();
            dead.keySet().removeAll(deadBefore);
            if (!dead.isEmpty()) {
                throw new IllegalStateException(String.join(
                        "; ", dead.entrySet().stream().map(RunningNodes::told).toList()));
            }
            return question.get().exceptionally(unanswered -> false);
        });
        try {
            get(up, UP_WITHIN.plus(ANSWER_WITHIN));
        } catch (ExecutionException | TimeoutException e) {
            if (Failures.unwrap(e) instanceof TimeoutException) {
                throw new IllegalStateException(
                        "waited " + UP_WITHIN.toSeconds() + " s in vain until " + what
                                + ". Every process lives, so look for a firewall on " + home.addresses()
                                + ", and at their logs",
                        e);
            }
            throw e;
        }
    }

    private static String told(Map.Entry<Seat, TaskManagerObservation.Death> dead) {
        return dead.getKey() + ": " + dead.getValue().cause();
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

    @Override
    public CompletableFuture<ClusterObservation> look() {
        return look(time.blocking());
    }

    @Override
    public ClusterObservation observe() {
        try {
            return get(look(Runnable::run), ANSWER_WITHIN.multipliedBy(2));
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            restoreInterrupt(e);
            return seen(Liveness.UNKNOWN, Failures.rootCause(e), List.of());
        }
    }

    /**
     * What was killed together does not end together: the kernel takes back the memory of each. Whoever is seen dead first says
     * little while others are dying.
     */
    private CompletableFuture<ClusterObservation> look(Executor afterwards) {
        return processes.deaths().isEmpty()
                ? lookAtTheLiving(afterwards)
                : Deadline.within(time, ENDS_WITHIN, processes.whenTheDyingHaveEnded())
                        .handle((ended, failure) -> failure == null)
                        .thenComposeAsync(unused -> lookAtTheLiving(afterwards), afterwards);
    }

    private CompletableFuture<ClusterObservation> lookAtTheLiving(Executor afterwards) {
        Optional<ClusterObservation> dead = dead();
        if (dead.isPresent()) {
            return CompletableFuture.completedFuture(dead.get());
        }
        List<LostProcess> lost = processes.lost();
        if (lost.stream().filter(one -> one.kind() == Kind.JOB_MANAGER).count()
                == home.nodes().size()) {
            return CompletableFuture.completedFuture(seen(Liveness.UNKNOWN, told(processes.deaths()), List.of()));
        }
        return jobs.list()
                // Who answered, or was waited for, may have died meanwhile; and that can take a while to tell.
                .handleAsync(
                        (seen, failure) -> dead().orElseGet(() -> failure == null
                                ? seen(Liveness.ANSWERS, "", seen)
                                : seen(Liveness.UNKNOWN, Failures.rootCause(failure), List.of())),
                        afterwards);
    }

    private Optional<ClusterObservation> dead() {
        synchronized (dying) {
            // Nothing is being killed now.
            return processes.allAreDead()
                    ? Optional.of(seen(Liveness.DEAD, "every process ended: " + told(processes.deaths()), List.of()))
                    : Optional.empty();
        }
    }

    private static String told(Map<Seat, TaskManagerObservation.Death> deaths) {
        return String.join(
                "; ", deaths.entrySet().stream().map(RunningNodes::told).toList());
    }

    private ClusterObservation seen(Liveness liveness, String detail, List<JobObservation> ofJobs) {
        boolean dead = liveness == Liveness.DEAD;
        return new ClusterObservation(
                time.now(),
                liveness,
                detail,
                processes.taskManagers(),
                processes.lost(),
                dead ? List.of() : hung.known(),
                dead ? List.of() : hung.cutOff(),
                ofJobs);
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
        return validities.ending(time.now());
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
        try {
            Instant began = time.now();
            Seat seat = new Seat(node, Kind.TASK_MANAGER);
            // Who is dead already may be put back later: jobs come first. Without the next, nothing might come of this.
            Set<Seat> deadBefore = processes.deaths().keySet();
            deadBefore.remove(seat);
            startAnother(seat);
            await("it is registered", deadBefore, () -> jobs.taskManagers()
                    .thenApply(heard -> heard.getOrDefault(node.toString(), 0L) > began.toEpochMilli()));
            return node.toString();
        } catch (Exception e) {
            restoreInterrupt(e);
            throw new LaunchException(
                    clusterName(), node + ": its TaskManager could not be replaced: " + Failures.rootCause(e), e);
        }
    }

    @Override
    public void restart(NodeId node, Kind kind) {
        try {
            startAnother(new Seat(node, kind));
        } catch (IOException e) {
            throw new LaunchException(
                    clusterName(), node + ": its " + kind.directory() + " could not be restarted: " + e, e);
        }
    }

    @Override
    public void renew(NodeId node, Kind kind) {
        Seat seat = new Seat(node, kind);
        try {
            Set<Seat> deadBefore = processes.deaths().keySet();
            deadBefore.remove(seat);
            startAnother(seat);
            await(
                    "it does its part",
                    deadBefore,
                    () -> kind == Kind.ZOOKEEPER ? zooKeeperServes() : jobManagerServes(home.node(node)));
        } catch (Exception e) {
            restoreInterrupt(e);
            throw new LaunchException(
                    clusterName(),
                    node + ": its " + kind.directory() + " could not be started anew: " + Failures.rootCause(e)
                            + lastWords(),
                    e);
        }
    }

    /** It answers, and whoever leads knows every TaskManager. */
    private CompletableFuture<Boolean> jobManagerServes(RenderedNode node) {
        return CompletableFuture.runAsync(() -> requireAnswer(node), time.blocking())
                .thenCompose(answered -> jobs.taskManagers())
                .thenApply(registered -> registered.size() >= home.nodes().size());
    }

    private void requireAnswer(RenderedNode node) {
        try {
            new RestQuestions(home.rest(node), home.security().restContext()).requireAnswer(ANSWER_WITHIN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<Rotation> rotation() {
        return home.security().rotation();
    }

    @Override
    public Rotation advanceRotation() {
        Rotation state = home.security().advanceRotation();
        try {
            jobs.renew(home.security().restClient(addresses.current()));
        } catch (Exception e) {
            throw new LaunchException(clusterName(), "cluster " + clusterName() + ": " + Failures.rootCause(e), e);
        }
        witness.reconnect();
        return state;
    }

    private void startAnother(Seat seat) throws IOException {
        kill(List.of(seat), "it is replaced");
        if (processes.allAreDead()) {
            // Seen one by one, though killed together: what is left behind is another epoch's to pass over.
            throw new IOException("every process has ended, so another epoch takes its place");
        }
        RenderedNode node = home.node(seat.node());
        if (seat.kind() == Kind.JOB_MANAGER) {
            witness.settle(node.placement());
        }
        starts.put(node);
        Optional<HostProcess> prepared = standbys.flatMap(waiting -> waiting.begin(seat));
        take(seat, prepared.isPresent() ? prepared.get() : start(seat, node));
    }

    private HostProcess start(Seat seat, RenderedNode node) throws IOException {
        RenderedProcess process = node.process(seat.kind());
        boolean standsBy = seat.kind() == Kind.JOB_MANAGER
                && processes.living().keySet().stream().anyMatch(other -> other.kind() == Kind.JOB_MANAGER);
        return standsBy ? starts.startRehearsed(node, process) : starts.start(node, process);
    }

    @Override
    public void end(HungProcess hanging) {
        kill(List.of(new Seat(hanging.node(), hanging.kind())), "it hung: " + hanging.evidence());
    }

    @Override
    public void killTaskManager(NodeId node) {
        kill(List.of(new Seat(node, Kind.TASK_MANAGER)), "killed as a drill");
    }

    /** Kills the one that leads. */
    @Override
    public void killJobManager() {
        NodeId leader = leader().orElseThrow(() -> new LaunchException(
                clusterName(), "cluster " + clusterName() + ": no JobManager leads now. Try again.", null));
        kill(List.of(new Seat(leader, Kind.JOB_MANAGER)), "killed as a drill");
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
                LOOK_PAUSE,
                ANSWER_WITHIN,
                () -> CompletableFuture.supplyAsync(
                        () -> leaders.addAll(witness.leaders(placements).orElse(Set.of())), time.blocking()));
        try {
            get(told, ANSWER_WITHIN.multipliedBy(2));
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
        List<Seat> all = new ArrayList<>();
        for (NodeId node : nodes) {
            for (Kind kind : Kind.values()) {
                all.add(new Seat(node, kind));
            }
        }
        standbys.ifPresent(Standbys::end);
        kill(all, "killed as a drill");
    }

    @Override
    public void hang(NodeId node, Kind kind) {
        try {
            Optional<HostProcess> process = processes.of(new Seat(node, kind));
            if (process.isPresent()) {
                process.get().hang();
            }
        } catch (IOException e) {
            throw new LaunchException(
                    clusterName(), node + ": its " + kind.directory() + " could not be stopped: " + e.getMessage(), e);
        }
    }

    /** Whoever observes meanwhile waits: processes that are killed together are seen dead together. */
    private void kill(List<Seat> seats, String reason) {
        synchronized (dying) {
            killAll(seats, reason);
        }
    }

    private void killAll(List<Seat> seats, String reason) {
        List<HostProcess> killed = new ArrayList<>();
        for (Seat seat : seats) {
            processes.expectDeath(seat, reason);
            processes.of(seat).ifPresent(killed::add);
        }
        List<HostProcess> left = Ending.end(killed, Duration.ZERO);
        if (!left.isEmpty()) {
            throw new LaunchException(
                    clusterName(),
                    left.stream()
                                    .map(one -> one.startedAs() + " (" + one.id() + ")")
                                    .toList()
                            + ": does not end (expected: dead after SIGKILL). Look at it on the machine.",
                    null);
        }
        seats.forEach(processes::provedDead);
    }

    @Override
    public StopConfirmation stop() {
        standbys.ifPresent(Standbys::close);
        List<HostProcess> left =
                new ArrayList<>(endAll(List.of(Kind.TASK_MANAGER, Kind.JOB_MANAGER), starts.endsWithin()));
        left.addAll(endAll(List.of(Kind.ZOOKEEPER), starts.endsWithin()));
        end();
        return home.ended(left);
    }

    private List<HostProcess> endAll(List<Kind> kinds, Duration patience) {
        List<HostProcess> all = new ArrayList<>();
        for (RenderedNode node : home.nodes()) {
            for (Kind kind : kinds) {
                Seat seat = new Seat(node.placement().node(), kind);
                processes.expectDeath(seat, "it was stopped");
                processes.of(seat).ifPresent(all::add);
            }
        }
        return Ending.end(all, patience);
    }

    @Override
    public StopConfirmation letGo() {
        end();
        return StopConfirmation.CONFIRMED;
    }

    /** Returns the last words of the dead, for whoever reads why a launch failed. */
    String lastWords() {
        StringBuilder text = new StringBuilder();
        processes.deaths().forEach((seat, death) -> text.append('\n')
                .append(told(Map.entry(seat, death)))
                .append(home.lastLines(
                        seat,
                        processes
                                .of(seat)
                                .map(HostProcess::startedAs)
                                .orElse(seat.kind().directory()))));
        return text.toString();
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
