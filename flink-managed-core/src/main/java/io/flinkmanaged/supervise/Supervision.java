package io.flinkmanaged.supervise;

import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.cluster.FailedJob;
import io.flinkmanaged.cluster.FailedJobRule;
import io.flinkmanaged.cluster.LostJobs;
import io.flinkmanaged.cluster.Ruling;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.HealthChanged;
import io.flinkmanaged.event.ClusterEvent.JobBegunAgain;
import io.flinkmanaged.event.ClusterEvent.OperationFailed;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.supervise.ClusterWatch.Look;
import io.flinkmanaged.supervise.Decision.BeginEpoch;
import io.flinkmanaged.supervise.Decision.GiveUp;
import io.flinkmanaged.supervise.Decision.RecoverJobs;
import io.flinkmanaged.supervise.Decision.RestartProcess;
import io.flinkmanaged.supervise.Decision.Wait;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The supervision of one cluster. Its state belongs to the supervisor's loop; {@link #health} and {@link #lookNow} may
 * be called from any thread.
 */
public final class Supervision implements FailedJobRule {

    private static final Logger LOG = LoggerFactory.getLogger(Supervision.class);

    /** Deaths are announced, so a settled cluster need not be looked at often. */
    private static final Duration CALM_PAUSE = Duration.ofMillis(500);
    /** While a job is coming up, nobody announces when all of it runs. */
    private static final int BUSY_LOOKS = 200;

    private final Cluster cluster;
    private final TimeSource time;
    private final Deliberations deliberations;
    private final Executor loop;
    private final Consumer<ClusterEvent> events;
    private final ClusterWatch watch;
    private final Incidents incidents;
    private final Tally tally;
    private final StorageProbe storage;
    private final LookCycle cycle;
    private final FailedJobQuestions failedJobs;
    private final Actions actions;
    private final Duration overdueAfter;

    private volatile Health health = new Health(Health.State.RECOVERING, "it is starting");

    // What follows is touched by the loop only.
    private @Nullable Deliberation<Decision> deliberation;
    /** Counts what makes a look that began before one of the past. */
    private int turns;

    private boolean ended;
    private boolean gaveUp;
    private int unsettledLooks;

    Supervision(
            Cluster cluster,
            TimeSource time,
            Deliberations deliberations,
            Executor loop,
            Consumer<ClusterEvent> events,
            Tally tally,
            StorageProbe storage,
            Duration overdueAfter) {
        this.storage = storage;
        this.overdueAfter = overdueAfter;
        int unused = tally.clusters.incrementAndGet();
        this.tally = tally;
        this.cluster = cluster;
        this.time = time;
        this.deliberations = deliberations;
        this.loop = loop;
        this.events = events;
        this.watch = new ClusterWatch(cluster, time, events);
        this.incidents = new Incidents(time, events);
        this.cycle = new LookCycle(time, loop, this::look, this::lookIsOverdue, overdueAfter);
        this.failedJobs = new FailedJobQuestions(time, deliberations);
        this.actions = new Actions(cluster, time, loop, tally, this::acted);
    }

    /** Returns the latest incidents, the newest first: 100 at most, of which only the first can be open. */
    public List<Incident> incidents() {
        return incidents.latest();
    }

    /** Returns how the cluster is, as far as the supervisor knows. */
    public Health health() {
        return health;
    }

    /** Asks for a look as soon as possible. */
    public void lookNow() {
        loop.execute(cycle::begin);
    }

    /**
     * Ends the supervision: no further operation is begun. One that has begun goes on in the cluster's lane.
     *
     * @param reason what to say of the cluster from now on
     */
    public void end(String reason) {
        failedJobs.end();
        loop.execute(() -> {
            if (!ended) {
                int unused = tally.clusters.decrementAndGet();
            }
            ended = true;
            cycle.end();
            if (deliberation != null) {
                deliberation.giveUp(reason);
            }
            become(new Health(Health.State.STOPPED, reason));
        });
    }

    private void look() {
        int turnsBefore = turns + cluster.rolls();
        Map<JobID, Optional<Long>> awaited = incidents.awaited();
        CompletableFuture<Void> unused = watch.look(awaited).handle((look, failure) -> {
            loop.execute(() -> lookEnded(look, failure, turnsBefore));
            return null;
        });
    }

    private void lookIsOverdue() {
        if (deliberation != null && deliberation.isAsking()) {
            deliberation.isOverdue();
        } else if (deliberation != null && !deliberation.isOver()) {
            become(new Health(
                    Health.State.UNKNOWN,
                    "the failover policy does not come back from other clusters. It must not block"));
        } else {
            Health former = health;
            become(new Health(
                    Health.State.UNKNOWN, "a look at it has not come back within " + overdueAfter.toSeconds() + " s"));
            if (!former.equals(health)) {
                tally.looksOverdue.increment();
            }
        }
    }

    private void lookEnded(@Nullable Look look, @Nullable Throwable failure, int turnsBefore) {
        (look == null ? tally.looksFailed : tally.looks).increment();
        if (!ended) {
            try {
                if (look == null) {
                    failed(failure);
                } else {
                    take(look);
                    if (mayDecide(look, turnsBefore)) {
                        if (!policyIsStuck()) {
                            decide(look, turnsBefore);
                            return;
                        }
                        become(new Health(
                                Health.State.UNKNOWN,
                                "the failover policy failed: it has not come back. It must not block"));
                    }
                }
            } catch (RuntimeException | Error e) {
                // Nobody else would look again at this cluster.
                LOG.error("[{}] A look at the cluster could not be made use of.", name(), e);
            }
        }
        cycle.isOver(pause(look));
    }

    /** It was given up, and has not come back: one thread for a cluster is enough. */
    private boolean policyIsStuck() {
        return deliberation != null && !deliberation.isOver();
    }

    private void failed(@Nullable Throwable failure) {
        LOG.debug("[{}] A look at the cluster failed.", name(), failure);
        become(new Health(
                Health.State.UNKNOWN,
                "a look at it failed" + (failure == null ? "" : ": " + Failures.rootCause(failure))));
    }

    private void take(Look look) {
        unsettledLooks = look.settled() ? 0 : unsettledLooks + 1;
        incidents.saw(look.told(), look.returns());
        incidents.advanced(look.advanced());
    }

    /** A job that does not come up is looked at often for some seconds, and then like any other. */
    private Duration pause(@Nullable Look look) {
        boolean comingUp = look != null && !look.settled() && unsettledLooks < BUSY_LOOKS;
        return comingUp
                ? cluster.current()
                        .map(running -> running.launched().lookPause())
                        .orElse(CALM_PAUSE)
                : CALM_PAUSE;
    }

    /** Returns whether what was seen is what something may be decided of. */
    private boolean mayDecide(Look look, int turnsBefore) {
        if (gaveUp) {
            if (look.observation().liveness() == Liveness.DEAD) {
                giveUpJobs(health.reason());
            }
            return false;
        }
        if (cluster.isBeginningEpoch()) {
            // By whomever: what was seen is no longer so, or not yet.
            become(new Health(Health.State.RECOVERING, "an epoch begins"));
            return false;
        }
        if (cluster.isRolling()) {
            become(new Health(Health.State.DEGRADED, "a rolling restart is under way"));
            return false;
        }
        // What was seen before an action ended may be what that action has healed.
        return !actions.isUnderWay() && turnsBefore == turns + cluster.rolls();
    }

    /** It matters once JobManagers have died soon after their start, or no epoch could be begun. */
    private void askStorage(Liveness liveness) {
        ActionHistory lately = actions.history();
        boolean matters =
                switch (liveness) {
                    case ANSWERS -> false;
                    case UNKNOWN -> lately.succeeded(RestartProcess.class) > 1;
                    case DEAD -> lately.failuresInARow() > 0;
                };
        if (matters) {
            storage.ask();
        } else {
            storage.forget();
        }
    }

    private void decide(Look look, int turnsBefore) {
        askStorage(look.observation().liveness());
        LostJobs lost =
                cluster.current().map(running -> cluster.jobs().lostTo(running)).orElse(LostJobs.NONE);
        Situation situation = new Situation(
                look.observation(),
                lost,
                actions.history(),
                demand(look),
                look.failing(),
                look.stale(),
                storage.answering(),
                storage.outage(),
                time.ticks());
        Deliberation<Decision> asked = deliberations.decide(situation);
        deliberation = asked;
        CompletableFuture<Void> unused = asked.answer().handle((decision, failure) -> {
            loop.execute(() -> decided(decision, failure, look, lost, turnsBefore));
            return null;
        });
    }

    private void decided(
            @Nullable Decision decision, @Nullable Throwable failure, Look look, LostJobs lost, int turnsBefore) {
        try {
            if (ended) {
                return;
            }
            if (decision == null) {
                policyFailed(failure);
            } else if (mayDecide(look, turnsBefore)) {
                carryOut(decision, look, lost);
            }
        } catch (RuntimeException | Error e) {
            // Nobody else would look again at this cluster.
            LOG.error("[{}] A decision on the cluster could not be carried out.", name(), e);
        } finally {
            cycle.isOver(pause(look));
        }
    }

    private void policyFailed(@Nullable Throwable failure) {
        Health former = health;
        become(new Health(
                Health.State.UNKNOWN,
                "the failover policy failed" + (failure == null ? "" : ": " + Failures.rootCause(failure))));
        if (!former.equals(health)) {
            // It is asked again at each look.
            LOG.error("[{}] The failover policy failed; nothing is done.", name(), failure);
        }
    }

    private void carryOut(Decision decision, Look look, LostJobs lost) {
        noteDecision(decision, look);
        perform(decision, look);
        boolean failsOn = look.failing().stream().anyMatch(RepeatedFailure::goesOn);
        if (decision instanceof Wait && isWell(look.observation(), lost) && look.settled() && !failsOn) {
            incidents.allRuns();
        }
    }

    /** Asks the policy what becomes of a job that Flink has given up. A cluster that was given up leaves it to Flink. */
    @Override
    public CompletableFuture<Ruling> rule(FailedJob failed) {
        return health.state() == Health.State.GAVE_UP
                ? CompletableFuture.completedFuture(new Ruling.Failed())
                : failedJobs.ask(failed);
    }

    @Override
    public void begunAgain(FailedJob failed) {
        loop.execute(() -> {
            ClusterEvent event = new JobBegunAgain(
                    name(),
                    time.now(),
                    failed.job(),
                    failed.jobId().toHexString(),
                    failed.failure().fingerprint().toString());
            turns++;
            incidents.decided(event);
            events.accept(event);
            cycle.begin();
        });
    }

    private void noteDecision(Decision decision, Look look) {
        if (decision instanceof RecoverJobs
                || (decision instanceof BeginEpoch && look.epoch().isEmpty())) {
            // It may be the first beginning, which is no incident.
            incidents.acts(time.now());
        } else if (!(decision instanceof Wait)) {
            incidents.decided(
                    new HealthChanged(name(), time.now(), health.state().name(), decision.reason()));
        }
    }

    private boolean isWell(ClusterObservation seen, LostJobs lost) {
        boolean upAndDoing = health.state() == Health.State.HEALTHY || health.state() == Health.State.DEGRADED;
        return upAndDoing
                && seen.isWhole()
                && lost.due().isEmpty()
                && lost.waiting().isEmpty();
    }

    /** Counted only if it decides anything: a plan may have to be read for it. */
    private Demand demand(Look look) {
        if (look.observation().everyTaskManagerLives()) {
            return Demand.UNKNOWN;
        }
        return new Demand(
                cluster.spec().taskSlots(),
                cluster.jobs().slotsOf(look.observation().jobs()));
    }

    private void perform(Decision decision, Look look) {
        if (decision instanceof Wait wait) {
            become(wait.health());
        } else if (decision instanceof GiveUp) {
            giveUp(decision.reason(), look.observation().liveness());
        } else {
            become(meanwhile(decision));
            actions.begin(decision, look.epoch());
        }
    }

    /** Returns how the cluster is while that is done. */
    private Health meanwhile(Decision action) {
        if (action instanceof RecoverJobs && health.state() == Health.State.DEGRADED) {
            // What is tried again and again is no news each time.
            return health;
        }
        boolean comesBack = action instanceof BeginEpoch || action instanceof RecoverJobs;
        return new Health(comesBack ? Health.State.RECOVERING : Health.State.DEGRADED, action.reason());
    }

    private void acted(Decision decision, boolean tried, @Nullable Throwable failure) {
        turns++;
        if (failure != null && !ended) {
            tell(new OperationFailed(
                    name(), time.now(), decision.getClass().getSimpleName(), Failures.rootCause(failure)));
        } else if (failure == null && tried) {
            incidents.acted(time.now());
        }
        cycle.begin();
    }

    /** From now on it only looks. */
    private void giveUp(String reason, Liveness liveness) {
        gaveUp = true;
        become(new Health(Health.State.GAVE_UP, reason));
        if (liveness == Liveness.DEAD) {
            giveUpJobs(reason);
        }
    }

    /** Jobs of a cluster that lives may go on without us; those of a dead one will not. */
    private void giveUpJobs(String reason) {
        cluster.jobs()
                .giveUp(new ManagedFlinkException(
                        Code.UNAVAILABLE,
                        name(),
                        "cluster " + name()
                                + ": given up (expected: recovered). Close it, remove the cause and launch it "
                                + "again: " + reason,
                        null));
    }

    private void become(Health next) {
        Health former = health;
        if (former.equals(next)) {
            return;
        }
        health = next;
        if (former.state() != next.state()) {
            tell(new HealthChanged(name(), time.now(), next.state().name(), next.reason()));
        }
    }

    private void tell(ClusterEvent event) {
        incidents.followedBy(event);
        events.accept(event);
    }

    private String name() {
        return cluster.spec().name().value();
    }
}
