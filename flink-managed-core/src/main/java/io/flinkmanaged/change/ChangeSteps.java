package io.flinkmanaged.change;

import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.cluster.ClusterJob;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.spec.ClusterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The steps of a change, and the way back. Everything blocks, and runs on the cluster's lane.
 *
 * <p>Where state can only be carried by savepoints, all jobs are stopped before the other spec is in force: a process that
 * dies before that continues them under the former spec, which reads their savepoints as well.
 */
final class ChangeSteps {

    private final Cluster cluster;
    private final Consumer<ClusterSpec> remember;

    ChangeSteps(Cluster cluster, Consumer<ClusterSpec> remember) {
        this.cluster = cluster;
        this.remember = remember;
    }

    /** Puts a spec in force, here and in the journal; if that fails, the former one is. */
    void putInForce(ClusterSpec next) {
        ClusterSpec former = cluster.spec();
        cluster.adopt(next);
        try {
            remember.accept(next);
        } catch (RuntimeException e) {
            cluster.adopt(former);
            throw e;
        }
    }

    /** Submits every running job again; the processes stay. */
    void restartJobs(ClusterChange change) {
        List<ClusterJob> jobs = Basis.running(cluster);
        List<ClusterJob> resumed = new ArrayList<>();
        boolean bySavepoint = change.state() == StateCarriage.SAVEPOINT;
        try {
            if (bySavepoint) {
                List<ClusterJob> halted = cluster.jobs().halt(jobs, true);
                putInForce(change.spec());
                halted.forEach(job -> resume(job, resumed));
            } else {
                putInForce(change.spec());
                // One after the other: the others run meanwhile.
                for (ClusterJob job : jobs) {
                    cluster.jobs().checkpoint(List.of(job));
                    cluster.jobs().halt(List.of(job), false).forEach(halted -> resume(halted, resumed));
                }
            }
        } catch (RuntimeException e) {
            ManagedFlinkException failure = failure(change, e);
            goBack(change, failure);
            // Those that have the other spec's values in their own configuration give them back.
            resumed.forEach(job -> orSay(failure, () -> cluster.jobs().halt(List.of(job), bySavepoint)));
            orSay(failure, () -> cluster.jobs().recover(cluster.requireCurrent()));
            throw failure;
        }
    }

    /** Ends every process and begins a new epoch. */
    void restartAll(ClusterChange change) {
        List<ClusterJob> jobs = Basis.running(cluster);
        try {
            if (change.state() == StateCarriage.SAVEPOINT) {
                List<ClusterJob> unused = cluster.jobs().halt(jobs, true);
            } else {
                cluster.jobs().checkpoint(jobs);
            }
            putInForce(change.spec());
        } catch (RuntimeException e) {
            ManagedFlinkException failure = failure(change, e);
            cluster.current()
                    .ifPresent(running -> orSay(failure, () -> cluster.jobs().recover(running)));
            throw failure;
        }
        try {
            cluster.beginEpoch();
        } catch (RuntimeException e) {
            ManagedFlinkException failure = failure(change, e);
            goBack(change, failure);
            orSay(failure, cluster::beginEpoch);
            orSay(failure, () -> cluster.jobs().recover(cluster.requireCurrent()));
            throw failure;
        }
        cluster.jobs().recover(cluster.requireCurrent());
    }

    private void resume(ClusterJob job, List<ClusterJob> resumed) {
        cluster.jobs().resume(job, cluster.requireCurrent());
        resumed.add(job);
    }

    private void goBack(ClusterChange change, ManagedFlinkException failure) {
        if (!cluster.spec().equals(change.basis().spec())) {
            orSay(failure, () -> putInForce(change.basis().spec()));
        }
    }

    /** On the way back every step is tried, and what fails is said with the first failure; the supervisor goes on trying. */
    private static void orSay(ManagedFlinkException failure, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private ManagedFlinkException failure(ClusterChange change, RuntimeException cause) {
        return new ManagedFlinkException(
                Code.UNAVAILABLE,
                change.spec().name().value(),
                "change of cluster " + change.spec().name() + ": failed (expected: applied). It goes back to the spec "
                        + "before, under which the jobs continue. Remove the cause and preview it again: "
                        + cause.getMessage(),
                cause);
    }
}
