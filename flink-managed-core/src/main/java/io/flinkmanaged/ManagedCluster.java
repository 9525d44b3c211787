package io.flinkmanaged;

import io.flinkmanaged.change.Acknowledgement;
import io.flinkmanaged.change.Basis;
import io.flinkmanaged.change.ChangeApplication;
import io.flinkmanaged.change.ChangeReport;
import io.flinkmanaged.change.ClusterChange;
import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.cluster.RunningEpoch;
import io.flinkmanaged.config.ConfigurationDrift;
import io.flinkmanaged.config.Explanation;
import io.flinkmanaged.config.Explanations;
import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.event.ClusterEvent.AccessGranted;
import io.flinkmanaged.event.ClusterEventListener;
import io.flinkmanaged.internal.Polling;
import io.flinkmanaged.job.JobOptions;
import io.flinkmanaged.job.RecoveryPoints;
import io.flinkmanaged.job.StartingPoint;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.render.ClusterRenderer;
import io.flinkmanaged.security.AccessGrant;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.InvalidSpecException;
import io.flinkmanaged.supervise.Health;
import io.flinkmanaged.supervise.Incident;
import io.flinkmanaged.supervise.Supervision;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A cluster, by its name: the same object through lost processes and new epochs. Thread-safe.
 *
 * <p>While it is supervised, a lost TaskManager is replaced, and a cluster that died begins a new epoch in which every
 * job continues from its newest complete checkpoint.
 */
public final class ManagedCluster implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(5);
    /** Savepoints of large states take their time, and are not cut off. */
    private static final Duration APPLIED_WITHIN = Duration.ofHours(12);

    private final Cluster cluster;
    private final Supervision supervision;
    private final Submissions submissions;
    private final Surroundings surroundings;
    private final ChangeApplication changes;

    ManagedCluster(Cluster cluster, Supervision supervision, Surroundings surroundings) {
        this.cluster = cluster;
        this.supervision = supervision;
        this.submissions = new Submissions(cluster, surroundings.time());
        this.surroundings = surroundings;
        this.changes = new ChangeApplication(
                cluster,
                spec -> surroundings.remember(this, spec),
                surroundings.time(),
                surroundings.events()::publish);
    }

    /** Returns the cluster's name. */
    public String name() {
        return cluster.spec().name().value();
    }

    /** Returns the spec in force. */
    public ClusterSpec spec() {
        return cluster.spec();
    }

    /** Returns how the cluster is, with the reason. */
    public Health health() {
        return supervision.health();
    }

    /**
     * Returns what went wrong lately, as far as this process has seen it: each incident with its cause, what followed, a
     * timeline and what was processed again. The newest first, 100 at most; only the first can be open. Any thread; a snapshot.
     */
    public List<Incident> incidents() {
        return supervision.incidents();
    }

    /**
     * Returns the number of the epoch that runs.
     *
     * @throws ManagedFlinkException if none does
     */
    public long epoch() {
        return cluster.requireCurrent().epoch().number();
    }

    /**
     * Returns the address of Flink's REST interface and web UI; another epoch has another. It begins with {@code https} if
     * it takes nobody without a certificate: {@link #grantAccess} gives one.
     *
     * @throws ManagedFlinkException if no epoch runs
     */
    public URI webUi() {
        return cluster.requireCurrent().launched().webUi();
    }

    /**
     * Gives a person or a tool access to Flink's REST interface and web UI: a new key, and a certificate with its name.
     * {@link AccessGrant#writeTo} writes what curl, a browser, Prometheus and Flink's command line need. Who has it may do
     * whatever Flink's REST interface lets him. It cannot be taken back before it ends; an event says who got it.
     *
     * @param name who: 1..64 letters, digits and {@code . _ @ -}, for people to see
     * @param lifetime from now: a second to 366 days. Prefer a short one
     * @return the grant; the caller keeps it secret
     * @throws InvalidInputException if the interface asks nobody who he is, as in process, or one of the two is refused
     * @throws ManagedFlinkException if no epoch runs
     */
    public AccessGrant grantAccess(String name, Duration lifetime) {
        surroundings.requireOpen();
        AccessGrant grant = cluster.requireCurrent().launched().grantAccess(name, lifetime);
        surroundings
                .events()
                .publish(new AccessGranted(name(), surroundings.time().now(), grant.name(), grant.expires()));
        return grant;
    }

    /** Looks at the cluster now: its processes and jobs in one value. Blocks for a bounded time. */
    public ClusterObservation observe() {
        return cluster.observe();
    }

    /**
     * Waits until everything that is wanted runs.
     *
     * @param atMost how long to wait
     * @throws ManagedFlinkException if the supervisor gave up, or the time is up
     */
    public void awaitHealthy(Duration atMost) {
        Void unused = Waiting.await(
                name(),
                "cluster " + name() + ", healthy",
                Polling.until(surroundings.time(), PAUSE, atMost, this::isHealthy),
                atMost,
                () -> String.valueOf(health()));
    }

    /**
     * Returns an ordinary environment that is bound to this cluster: existing code runs unchanged. {@code execute(name)}
     * submits a job of that name and waits for its end; {@code executeAsync} does not wait. For one thread.
     *
     * @throws ManagedFlinkException if no epoch runs
     */
    public StreamExecutionEnvironment environment() {
        surroundings.requireOpen();
        return submissions.environment();
    }

    /**
     * Submits a job that starts as {@link StartingPoint#asItEnded()} says.
     *
     * @param name what it is called in this cluster, for ever
     * @param program defines it
     * @return the job, accepted by Flink
     * @throws ManagedFlinkException if the program throws or executes nothing, the name is in use, or the cluster cannot
     *     take it; then nothing of it is left running
     */
    public ManagedJob submit(String name, JobProgram program) {
        return submit(name, JobOptions.usual(), program);
    }

    /**
     * Submits a job.
     *
     * @param name what it is called in this cluster, for ever
     * @param startingPoint what state it starts from
     * @param program defines it
     * @return the job, accepted by Flink
     * @throws ManagedFlinkException as for {@link #submit(String, JobProgram)}
     */
    public ManagedJob submit(String name, StartingPoint startingPoint, JobProgram program) {
        return submit(name, JobOptions.usual().from(startingPoint), program);
    }

    /**
     * Submits a job.
     *
     * @param name what it is called in this cluster, for ever
     * @param options what state it starts from, and how early its turn comes when jobs of a lost epoch are continued
     * @param program defines it
     * @return the job, accepted by Flink
     * @throws ManagedFlinkException as for {@link #submit(String, JobProgram)}
     */
    public ManagedJob submit(String name, JobOptions options, JobProgram program) {
        surroundings.requireOpen();
        return managed(submissions.submit(new JobName(name), options, program));
    }

    /**
     * Returns a job that was submitted through this object, or continued by it.
     *
     * @param name what it is called
     */
    public Optional<ManagedJob> job(String name) {
        return cluster.jobs().find(new JobName(name)).map(this::managed);
    }

    /** Returns the jobs that were submitted through this object, or continued by it, in the order of their names. */
    public List<ManagedJob> jobs() {
        return cluster.jobs().all().stream().map(this::managed).toList();
    }

    /**
     * Finds the recovery points of a job in the state storage.
     *
     * @param job its name
     * @return as {@link StoredCluster#recoveryPoints}
     */
    public RecoveryPoints recoveryPoints(String job) {
        return stored().recoveryPoints(job);
    }

    /** Returns this cluster as its state storage shows it; valid as long as this cluster is not closed. */
    public StoredCluster stored() {
        return new StoredCluster(
                cluster.storage(),
                cluster.spec().name(),
                surroundings,
                deletion -> Waiting.await(
                        name(),
                        "cluster " + name() + ", retention",
                        cluster.lane().run(deletion::get),
                        APPLIED_WITHIN,
                        () -> "not applied"),
                () -> {});
    }

    /**
     * Explains why a configuration key has its value: of the epoch that runs, else as far as the spec decides it.
     *
     * @param key Flink's key
     */
    public Explanation explain(String key) {
        return configuration().explain(key, surroundings.policies());
    }

    /**
     * Explains why a configuration key has its value for a job: what a job sets in its own configuration wins, if Flink asks
     * the job for it. Blocks, for the storage.
     *
     * @param job what the job is called
     * @param key Flink's key
     * @throws ManagedFlinkException if there is no such job here, or it was not submitted yet
     */
    public Explanation explain(String job, String key) {
        ClusterJob known = cluster.jobs()
                .find(new JobName(job))
                .orElseThrow(() -> InvalidInputException.of(
                        "job",
                        "\"" + job + "\"",
                        "one of " + jobs().stream().map(ManagedJob::name).toList(),
                        "Call it by the name that it was submitted under."));
        return configuration().with(cluster.jobs().settingsOf(known)).explain(key, surroundings.policies());
    }

    /**
     * Compares the configuration that the running epoch was given with the one that its processes say they run with. Blocks
     * for a bounded time.
     *
     * @return the differences; empty if there are none. What Flink adds on its own is none, and values that it hides are
     *     not compared
     * @throws ManagedFlinkException if no epoch runs, or it does not answer
     */
    public List<ConfigurationDrift> drift() {
        RunningEpoch running = cluster.requireCurrent();
        return running.launched()
                .effectiveConfiguration()
                .driftFrom(running.launched().configuration());
    }

    /** Explains every configuration key that somebody set; the others have Flink's default. */
    public Explanations explain() {
        return configuration().explainAll(surroundings.policies());
    }

    /**
     * Says what putting another spec in force would do, without doing it: what each difference takes, how the state of
     * running jobs gets over it, what it touches, and what must be acknowledged. Blocks for a bounded time.
     *
     * @param spec the spec wanted; {@code spec().toBuilder()} begins with the one in force
     * @return a value, with a text for people
     * @throws InvalidSpecException if the spec could not be launched here
     */
    public ClusterChange preview(ClusterSpec spec) {
        surroundings.requireOpen();
        surroundings.check(spec);
        return ClusterChange.of(Basis.of(cluster), spec, cluster.launcher(), cluster::configurationOf);
    }

    /**
     * Puts another spec in force, as a preview said. Each job that restarts for it keeps its state and its name; whoever
     * waits for its end goes on waiting. Returns when all jobs run again, or after two minutes: then the report names
     * those that do not, and the supervisor goes on trying.
     *
     * <p>If it fails half-way, it goes back to the spec before. If this process dies half-way, an operated cluster is
     * continued under one of the two specs.
     *
     * @param change what {@link #preview} returned
     * @param acknowledged what the change says must be acknowledged
     * @return what was predicted beside what happened
     * @throws InvalidInputException if the change is refused, or something of it is not acknowledged; then nothing was done
     * @throws ManagedFlinkException with code {@code CONFLICT} if the cluster has changed since the preview, and nothing
     *     was done; otherwise if it failed
     */
    public ChangeReport apply(ClusterChange change, Acknowledgement... acknowledged) {
        surroundings.requireOpen();
        return Waiting.await(
                name(),
                "change of cluster " + name() + ", applied",
                changes.apply(change, Set.of(acknowledged)),
                APPLIED_WITHIN,
                () -> "not so");
    }

    /**
     * Adds a listener for this cluster's events from now on.
     *
     * @param listener called on the event thread, in order
     * @return removes it
     */
    public AutoCloseable onEvent(ClusterEventListener listener) {
        return surroundings.events().subscribe(event -> {
            if (event.cluster().isEmpty() || event.cluster().equals(name())) {
                listener.onEvent(event);
            }
        });
    }

    /** Returns the means to renew the certificates of its processes, and of the authorities that issue them. */
    public Certificates certificates() {
        surroundings.requireOpen();
        return new Certificates(cluster.certificates());
    }

    /** Returns the means to break the cluster on purpose, to see it heal. */
    public Drill drill() {
        return new Drill(cluster);
    }

    /**
     * Ends an operated cluster for good: its jobs are recorded as cancelled, its processes stopped, and it is no longer
     * wanted. Its state stays in the storage. A launched cluster is closed. If this process dies over it, whoever operates the
     * cluster next finishes it; if it fails, call it again.
     */
    public void terminate() {
        surroundings.terminate(this);
    }

    /**
     * Lets go of the cluster. A launched one is stopped; its jobs can be continued by a later submission of their names.
     * An operated one stays wanted; in process it stops with its JVM's library and continues when it is operated again.
     * Any thread, any number of times; bounded by the time that Flink takes to stop.
     */
    @Override
    public void close() {
        surroundings.close(this);
    }

    /** Returns the name and the health. */
    @Override
    public String toString() {
        return "ManagedCluster[" + name() + ", " + health().state() + "]";
    }

    Cluster cluster() {
        return cluster;
    }

    Supervision supervision() {
        return supervision;
    }

    private CompletableFuture<Boolean> isHealthy() {
        Health now = health();
        if (now.state() == Health.State.GAVE_UP || now.state() == Health.State.STOPPED) {
            throw new ManagedFlinkException(
                    Code.UNAVAILABLE, name(), "cluster " + name() + ": " + now.state() + ", " + now.reason(), null);
        }
        return CompletableFuture.completedFuture(now.state() == Health.State.HEALTHY);
    }

    private LayeredConfiguration configuration() {
        return cluster.current().map(RunningEpoch::configuration).orElseGet(() -> ClusterRenderer.withoutPlacement(
                        spec())
                .with(surroundings.policies().settings()));
    }

    private ManagedJob managed(ClusterJob job) {
        return new ManagedJob(cluster, job, surroundings.time());
    }
}
