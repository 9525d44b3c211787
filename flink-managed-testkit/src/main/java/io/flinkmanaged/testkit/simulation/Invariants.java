package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.event.ClusterEvent.HealthChanged;
import io.flinkmanaged.event.ClusterEvent.JobEnded;
import io.flinkmanaged.event.ClusterEvent.JobNotRecovered;
import io.flinkmanaged.event.ClusterEvent.JobQuarantined;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.JobSubmission;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.supervise.Decision;
import io.flinkmanaged.supervise.Health;
import io.flinkmanaged.supervise.Situation;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;

/**
 * What must hold of a supervised cluster whatever happens to it. Judged by what was really done and what really was, not by
 * what the library says of itself.
 */
final class Invariants implements Deeds {

    private static final Duration WINDOW = Duration.ofMinutes(10);
    /** What the default policy says of itself: so many that succeed in ten minutes, and so many that fail in a row. */
    private static final int MOST_EPOCHS = 10 + 28;

    private static final int MOST_OTHERS = 100 + 28;

    private static final int MOST_TOLD = 20;

    private final VirtualTime time;
    private final CompletableFuture<Void> whenViolated = new CompletableFuture<>();
    private final List<String> violations = new ArrayList<>();
    private final Map<Epoch, Set<SimulatedProcess>> alive = new TreeMap<>();
    private final Set<Epoch> up = new TreeSet<>();
    private final Set<Epoch> withoutRecoveryData = new TreeSet<>();
    private final Set<Epoch> confirmedDead = new TreeSet<>();
    private final RestoredPoints points = new RestoredPoints(this::violated);
    private final Map<Class<?>, Deque<Long>> actions = new HashMap<>();
    private final Set<String> poisoned = new HashSet<>();
    private final Set<String> madeToFail = new HashSet<>();
    private final Set<String> saidWhy = new HashSet<>();
    private boolean gaveUp;
    private boolean closing;
    private boolean renewing;

    Invariants(VirtualTime time) {
        this.time = time;
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    boolean hold() {
        return violations.isEmpty();
    }

    /** Completes when something does not hold for the first time. */
    CompletableFuture<Void> whenViolated() {
        return whenViolated;
    }

    void violated(String what) {
        whenViolated.complete(null);
        if (violations.size() == MOST_TOLD) {
            return;
        }
        violations.add("at " + Duration.ofNanos(time.ticks()) + ": " + what);
    }

    /** From now on a job fails whenever it runs, and only such a job may be quarantined. */
    void poisoned(String job) {
        poisoned.add(job);
    }

    boolean isPoisoned(String job) {
        return poisoned.contains(job);
    }

    /** A fault has made a job fail for good. */
    void madeToFail(String job) {
        madeToFail.add(job);
    }

    /** Judges the end of a job when everything has settled. */
    void ended(JobName job) {
        if (!saidWhy.contains(job.value())) {
            violated("job " + job + " has ended, and nobody said why");
        }
    }

    /** From now on the cluster is ended from outside, which needs no failure. */
    void closing() {
        closing = true;
    }

    /** Says whether somebody wants processes that live to be started anew. */
    void renewing(boolean wanted) {
        renewing = wanted;
    }

    /** Judges a decision by what it was made from. */
    void decided(Situation situation, Decision decision) {
        if (!(decision instanceof Decision.Wait || decision instanceof Decision.GiveUp)) {
            // Also what fails before it comes to a deed is an action.
            requireBudget(decision.getClass());
        }
        ClusterObservation seen = situation.observation();
        if (decision instanceof Decision.BeginEpoch && seen.liveness() != Liveness.DEAD && !isBeyondItself()) {
            violated("a new epoch on " + seen.liveness() + ": " + seen.detail());
        }
        if (decision instanceof Decision.ReplaceTaskManager && seen.liveness() == Liveness.UNKNOWN) {
            violated("a TaskManager is replaced on UNKNOWN: " + seen.detail());
        }
    }

    /** Whether what lives is without a JobManager, and can have none that leads. */
    private boolean isBeyondItself() {
        return alive.entrySet().stream().allMatch(epoch -> isBeyondItself(epoch.getKey()));
    }

    private boolean isBeyondItself(Epoch epoch) {
        return living(epoch).isEmpty()
                || (withoutRecoveryData.contains(epoch)
                        && living(epoch).stream().noneMatch(process -> process.is(Kind.JOB_MANAGER)));
    }

    void happened(ClusterEvent event) {
        if (event instanceof HealthChanged changed && changed.health().equals(Health.State.GAVE_UP.name())) {
            givesUp(changed.reason());
        } else if (event instanceof EpochStarted) {
            requireOneLiveEpoch();
        } else if (event instanceof JobEnded ended) {
            ended(ended);
        } else if (event instanceof JobNotRecovered lost) {
            says(lost.job(), lost.reason());
        } else if (event instanceof JobQuarantined quarantined) {
            says(quarantined.job(), quarantined.reason());
            if (!poisoned.contains(quarantined.job())) {
                violated("job " + quarantined.job() + " is quarantined, and nothing is wrong with it");
            }
        }
    }

    /** A policy that was found out is made to. */
    private void givesUp(String reason) {
        gaveUp = true;
        if (hold()) {
            violated("the cluster is given up, and its faults are no reason for that: " + reason);
        }
    }

    /** Nobody cancels a job here, and none comes to its end. */
    private void ended(JobEnded ended) {
        says(ended.job(), ended.cause().orElse(""));
        if (!madeToFail.contains(ended.job())) {
            violated("job " + ended.job() + " is " + ended.status() + ", and no fault wanted that: " + ended.cause());
        }
    }

    private void says(String job, String why) {
        if (why.isBlank()) {
            violated("job " + job + " has ended without a reason");
        }
        saidWhy.add(job);
    }

    @Override
    public void recoveryDataLost(Epoch epoch) {
        boolean unused = withoutRecoveryData.add(epoch);
    }

    @Override
    public void launching(ClusterName cluster, Epoch epoch) {
        acts("launches " + epoch);
        requireNobodyBut(epoch, "launched");
    }

    @Override
    public void started(ClusterName cluster, Epoch epoch, SimulatedProcess process) {
        boolean unused = alive.computeIfAbsent(epoch, none -> new HashSet<>()).add(process);
        boolean unusedRevoked = confirmedDead.remove(epoch);
        requireOneLiveEpoch();
    }

    @Override
    public void died(ClusterName cluster, Epoch epoch, SimulatedProcess process) {
        boolean unused = alive.getOrDefault(epoch, new HashSet<>()).remove(process);
    }

    @Override
    public void exchanging(ClusterName cluster, Epoch epoch, SimulatedProcess process, String deed) {
        acts(process + " is " + deed);
        boolean justified = renewing || !process.isAlive() || process.isKnownToHang(time.ticks());
        if (!justified) {
            violated(process + " is " + deed + ", and it is not known to be dead or to hang");
        }
    }

    @Override
    public void stopping(ClusterName cluster, Epoch epoch) {
        acts("stops " + epoch);
        if (!closing && !isBeyondItself(epoch)) {
            violated(epoch + " is stopped while " + living(epoch) + " live");
        }
    }

    @Override
    public void stopped(ClusterName cluster, Epoch epoch, boolean confirmed) {
        if (confirmed) {
            boolean unused = confirmedDead.add(epoch);
        }
    }

    @Override
    public void foundDead(Epoch epoch) {
        boolean unused = confirmedDead.add(epoch);
    }

    @Override
    public void submitted(ClusterName cluster, Epoch epoch, JobSubmission submission) {
        requireNobodyBut(epoch, "given job " + submission.name());
        points.submitted(submission);
    }

    @Override
    public void completed(ClusterName cluster, JobID job, String uri) {
        points.completed(job, uri);
    }

    @Override
    public void damaged(String uri) {
        points.damaged(uri);
    }

    private Set<SimulatedProcess> living(Epoch epoch) {
        return alive.getOrDefault(epoch, Set.of());
    }

    private void acts(String what) {
        if (gaveUp && !closing) {
            violated("it has given up, and " + what);
        }
    }

    /** A launch that fails leaves nothing behind, so nobody stops it. */
    private void requireNobodyBut(Epoch epoch, String done) {
        for (Epoch other : alive.keySet()) {
            if (!other.equals(epoch)) {
                if (!living(other).isEmpty()) {
                    violated(epoch + " is " + done + " while of " + other + " live: " + living(other));
                }
                if (up.contains(other) && !confirmedDead.contains(other)) {
                    violated(epoch + " is " + done + ", and nobody confirmed that " + other + " is dead");
                }
            }
        }
    }

    /** An epoch is up, so from now on it is dead only when a stop has confirmed that. */
    void isUp(Epoch epoch) {
        boolean unused = up.add(epoch);
    }

    private void requireOneLiveEpoch() {
        List<Epoch> living = alive.keySet().stream()
                .filter(epoch -> !living(epoch).isEmpty())
                .toList();
        if (living.size() > 1) {
            violated("more than one epoch lives: " + living);
        }
    }

    private void requireBudget(Class<? extends Decision> kind) {
        Deque<Long> times = actions.computeIfAbsent(kind, none -> new ArrayDeque<>());
        int most = kind == Decision.BeginEpoch.class ? MOST_EPOCHS : MOST_OTHERS;
        long now = time.ticks();
        times.addLast(now);
        while (now - times.getFirst() > WINDOW.toNanos()) {
            long unused = times.removeFirst();
        }
        if (times.size() > most) {
            violated(times.size() + " actions of the kind " + kind.getSimpleName() + " in " + WINDOW);
        }
    }
}
