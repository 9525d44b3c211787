package io.flinkmanaged;

import static io.flinkmanaged.Healing.NEW_EPOCH;
import static io.flinkmanaged.Healing.NONE;
import static io.flinkmanaged.Healing.PROCESS;
import static io.flinkmanaged.Healing.TASK_MANAGER;
import static io.flinkmanaged.MortalProcess.Moment.after;
import static io.flinkmanaged.MortalProcess.Moment.before;

import io.flinkmanaged.Death.Due;
import io.flinkmanaged.MortalProcess.Moment;
import io.flinkmanaged.spec.Checkpointing;
import java.time.Duration;
import java.util.List;

/** The deaths of the libraries that operate one cluster, one after the other: in the middle of every kind of action. */
final class Deaths {

    /** State that was written with another value cannot be read, but from a savepoint. */
    private static final String BY_SAVEPOINT = "state.backend.rocksdb.timer-service.factory";

    /** In any epoch but the first, the JobManagers that do not lead are started when the jobs are on their way. */
    private static final Healing NEW_EPOCH_OF_THREE = new Healing(1, 0, 2);

    private static final Due NOTHING = scene -> {};
    private static final Due TERMINATED = scene -> scene.cluster().terminate();

    private static final List<Death> ON_ONE_NODE = List.of(
            // The next one dies in its own launch, so nothing is well in between.
            new Death("launch of the first epoch", before("launch"), true, NOTHING, 1, NONE),
            new Death("launch of the first epoch", after("launch"), true, NOTHING, 1, NONE),
            Death.of("submission", before("submit"), scene -> scene.submit("first"), NONE),
            Death.of("submission", after("submit"), scene -> scene.submit("second"), NONE),
            Death.of("TaskManager replaced", before("replaceTaskManager"), Deaths::killTaskManager, TASK_MANAGER),
            Death.of("TaskManager replaced", after("replaceTaskManager"), Deaths::killTaskManager, NONE),
            Death.of("JobManager restarted", before("restart"), Deaths::killJobManager, PROCESS),
            Death.of("JobManager restarted", after("restart"), Deaths::killJobManager, NONE),
            Death.of("ZooKeeper restarted", before("restart"), Scene::killZooKeeper, PROCESS),
            Death.of("ZooKeeper restarted", after("restart"), Scene::killZooKeeper, NONE),
            Death.of("savepoint by a person", before("triggerSavepoint"), Deaths::savepoint, NONE),
            Death.of("savepoint by a person", after("triggerSavepoint"), Deaths::savepoint, NONE),
            Death.of("change by cancelling jobs", before("cancel"), Deaths::changeCheckpoints, NONE),
            Death.of("change by cancelling jobs", after("cancel"), Deaths::changeCheckpoints, NONE),
            Death.of("change by savepoints", before("stopWithSavepoint"), Deaths::changeTimers, NONE),
            Death.of("change by savepoints", after("stopWithSavepoint"), Deaths::changeTimers, NONE),
            Death.of("renewal of certificates", new Moment("renew", 2, false), Deaths::renew, NONE),
            Death.of("renewal of certificates", new Moment("renew", 2, true), Deaths::renew, NONE),
            Death.of("renewal of certificates", after("replaceTaskManager"), Deaths::renew, NONE),
            Death.of("new epoch", before("stop"), Deaths::killAll, NEW_EPOCH),
            Death.of("new epoch", after("stop"), Deaths::killAll, NEW_EPOCH),
            Death.of("new epoch", before("launch"), Deaths::killAll, NEW_EPOCH).inAnEpochOfItsOwn(),
            Death.of("new epoch", after("launch"), Deaths::killAll, NONE).inAnEpochOfItsOwn(),
            Death.of("new epoch", before("submit"), Deaths::killAll, NONE).inAnEpochOfItsOwn(),
            Death.of("new epoch", after("submit"), Deaths::killAll, NONE).inAnEpochOfItsOwn(),
            Death.of("quarantine", before("cancel"), Scene::poisonAJob, NONE),
            Death.of("quarantine", after("cancel"), Scene::poisonAJob, NONE));

    private static final List<Death> ON_THREE_NODES = List.of(
            Death.of("submission", after("submit"), scene -> scene.submit("first"), NONE)
                    .inAnEpochOfItsOwn(),
            Death.of("TaskManager replaced", before("replaceTaskManager"), Deaths::killTaskManager, TASK_MANAGER),
            Death.of("TaskManager replaced", after("replaceTaskManager"), Deaths::killTaskManager, NONE),
            Death.of("JobManager restarted", before("restart"), Deaths::killJobManager, PROCESS),
            Death.of("JobManager restarted", after("restart"), Deaths::killJobManager, NONE),
            Death.of("node lost", before("restart"), Deaths::killFollower, new Healing(0, 1, 2)),
            Death.of("node lost", after("restart"), Deaths::killFollower, new Healing(0, 1, 1)),
            Death.of("renewal of certificates", new Moment("renew", 4, false), Deaths::renew, NONE),
            Death.of("renewal of certificates", new Moment("renew", 4, true), Deaths::renew, NONE),
            Death.of("new epoch", before("launch"), Deaths::killAll, NEW_EPOCH_OF_THREE)
                    .inAnEpochOfItsOwn(),
            Death.of("new epoch", after("launch"), Deaths::killAll, new Healing(0, 0, 2))
                    .inAnEpochOfItsOwn());

    private Deaths() {}

    /** Returns those on a cluster of some nodes. */
    static List<Death> on(int nodes) {
        return nodes == 1 ? ON_ONE_NODE : ON_THREE_NODES;
    }

    /** Returns those at its end, when its jobs are over; the next one finishes that, and begins a cluster without jobs. */
    static List<Death> atTheEnd(int nodes) {
        Healing healing = nodes == 1 ? NEW_EPOCH : NEW_EPOCH_OF_THREE;
        return List.of(
                Death.of("termination", before("stop"), TERMINATED, healing),
                Death.of("termination", after("stop"), TERMINATED, healing));
    }

    private static void killTaskManager(Scene scene) {
        scene.cluster().drill().killTaskManager(1);
    }

    private static void killJobManager(Scene scene) {
        scene.cluster().drill().killJobManager();
    }

    private static void killAll(Scene scene) {
        scene.cluster().drill().killAll();
    }

    private static void killFollower(Scene scene) {
        scene.cluster().drill().killNode(scene.follower());
    }

    private static void savepoint(Scene scene) {
        String unused = scene.firstJob().savepoint();
    }

    private static void renew(Scene scene) {
        scene.cluster().certificates().renew();
    }

    /** The change before may be in force, or not: so to another value than that which is. */
    private static void changeCheckpoints(Scene scene) {
        Checkpointing checkpoints = scene.cluster().spec().checkpoints().orElseThrow();
        boolean paused = checkpoints.minimumPause().toMillis() == 100;
        scene.apply(edited -> edited.checkpoints(checkpoints.minimumPause(Duration.ofMillis(paused ? 50 : 100))));
    }

    private static void changeTimers(Scene scene) {
        boolean onHeap = "HEAP".equals(scene.cluster().spec().overrides().get(BY_SAVEPOINT));
        scene.apply(edited -> edited.override(BY_SAVEPOINT, onHeap ? "ROCKSDB" : "HEAP"));
    }
}
