package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.launch.JobEnd;
import io.flinkmanaged.launch.JobFailure;
import io.flinkmanaged.launch.JobFlow;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.launch.JobProgress;
import io.flinkmanaged.launch.JobSubmission;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;

/** One submission of a job as a simulated Flink knows it: where it stands, and what it has counted. */
final class SimulatedJob {

    private static final int RETAINED = 3;
    /** Flink's default. */
    private static final int REMEMBERED = 16;

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final JobSubmission submission;
    private final Workload workload;
    private final CompletableFuture<JobEnd> end = new CompletableFuture<>();
    private final Deque<Point> retained = new ArrayDeque<>();
    private final Deque<JobFailure> failures = new ArrayDeque<>();
    private JobStatus status = JobStatus.INITIALIZING;
    private int run;
    private List<SimulatedProcess> taskManagers = List.of();
    private int restarts;
    private long runsSinceTicks;
    private long countedBefore;
    private long number;
    private long completed;
    private long failed;
    private Optional<Long> restored = Optional.empty();
    private Optional<String> stoppedWith = Optional.empty();

    SimulatedJob(JobSubmission submission, Workload workload) {
        this.submission = submission;
        this.workload = workload;
    }

    JobID id() {
        return submission.jobId();
    }

    JobSubmission submission() {
        return submission;
    }

    Workload workload() {
        return workload;
    }

    CompletableFuture<JobEnd> end() {
        return end;
    }

    boolean hasEnded() {
        return status.isGloballyTerminalState();
    }

    boolean runs() {
        return status == JobStatus.RUNNING;
    }

    /** Returns which of its runs this is; what was begun in another one is void. */
    int run() {
        return run;
    }

    boolean runsOn(SimulatedProcess taskManager) {
        return runs() && taskManagers.contains(taskManager);
    }

    /** Returns how many of its tasks are on a TaskManager. */
    long tasksOn(SimulatedProcess taskManager) {
        return runs() ? taskManagers.stream().filter(taskManager::equals).count() : 0;
    }

    /** Returns whether every TaskManager it runs on works. */
    boolean isWhole() {
        return runs() && taskManagers.stream().allMatch(SimulatedProcess::works);
    }

    /** Its tasks stop, and will be started again. */
    void interrupted(JobStatus next) {
        if (runs()) {
            restarts += workload.slots();
        }
        status = next;
        run++;
    }

    /** Its tasks stop because something failed, and will be started again. */
    void fails(JobFailure failure) {
        failures.addFirst(failure);
        if (failures.size() > REMEMBERED) {
            JobFailure unused = failures.removeLast();
        }
        interrupted(JobStatus.RESTARTING);
    }

    List<JobFailure> failures() {
        return List.copyOf(failures);
    }

    /** Another JobManager takes it over, counts its restarts anew and knows of no failure. */
    void takenOver() {
        failures.clear();
        status = JobStatus.INITIALIZING;
        restarts = 0;
        run++;
    }

    /** Returns its own newest checkpoint. */
    Optional<String> newestCheckpoint() {
        return Optional.ofNullable(retained.peekLast()).map(Point::uri);
    }

    /** Where it goes on from: its own newest checkpoint, else what it was submitted with. */
    Optional<String> restoresFrom() {
        return retained.isEmpty()
                ? submission.recoveryPoint()
                : Optional.of(retained.getLast().uri());
    }

    void begins(List<SimulatedProcess> where, Optional<SimulatedPoints.Restored> from, long nowTicks) {
        taskManagers = List.copyOf(where);
        status = JobStatus.RUNNING;
        runsSinceTicks = nowTicks;
        countedBefore = from.map(SimulatedPoints.Restored::counted).orElse(0L);
        restored = from.map(SimulatedPoints.Restored::number);
        number = Math.max(number, restored.orElse(0L));
    }

    long counted(long nowTicks) {
        if (!runs()) {
            return countedBefore;
        }
        double further = (nowTicks - runsSinceTicks) / NANOS_PER_SECOND * workload.perSecond();
        return Math.min(workload.numbers(), countedBefore + (long) further);
    }

    /** Returns when it has counted everything, in nanoseconds from the beginning of this run. */
    long takesNanos() {
        return (long) ((workload.numbers() - countedBefore) / workload.perSecond() * NANOS_PER_SECOND);
    }

    /** Returns how often it takes a checkpoint, if its own configuration says so. */
    Optional<Duration> interval() {
        return Configuration.fromMap(submission.configuration())
                .getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL);
    }

    /** Returns where its checkpoints are. */
    String checkpointsUri() {
        return submission.configuration().get(CheckpointingOptions.CHECKPOINTS_DIRECTORY.key()) + "/"
                + id().toHexString();
    }

    /** Returns the directory of its next checkpoint. */
    Point nextCheckpoint() {
        number++;
        return new Point(checkpointsUri() + "/chk-" + number, number);
    }

    /** Returns the directory of its next savepoint. */
    Point nextSavepoint(Optional<String> wanted) {
        number++;
        String parent = wanted.orElseGet(
                () -> String.valueOf(submission.configuration().get(CheckpointingOptions.SAVEPOINT_DIRECTORY.key())));
        return new Point(parent + "/savepoint-" + id().toHexString().substring(0, 6) + "-" + number, number);
    }

    /** Keeps a completed checkpoint; returns those that it takes the place of. */
    List<Point> keep(Point point) {
        completed++;
        retained.addLast(point);
        return retained.size() > RETAINED ? List.of(retained.removeFirst()) : List.of();
    }

    void checkpointFailed() {
        failed++;
    }

    void stoppedWith(String savepoint) {
        stoppedWith = Optional.of(savepoint);
    }

    /** It has come to its end, which whoever waits for it is told. */
    void ends(JobEnd how, long nowTicks) {
        countedBefore = counted(nowTicks);
        status = how.status();
        run++;
        end.complete(how);
    }

    JobStatus status() {
        return status;
    }

    JobObservation observed(long nowTicks) {
        int tasks = workload.slots();
        int running = isWhole() || status == JobStatus.FINISHED ? tasks : 0;
        return new JobObservation(id(), submission.name().value(), status, tasks, running, restarts, flow(nowTicks));
    }

    /** What it counts, its source has sent and its sink has read; nothing is in its way. */
    private Optional<JobFlow> flow(long nowTicks) {
        long further = counted(nowTicks) - countedBefore;
        return runs() ? Optional.of(new JobFlow(further, further, Duration.ZERO, Duration.ZERO)) : Optional.empty();
    }

    JobProgress progress() {
        return new JobProgress(
                completed, failed, Optional.ofNullable(retained.peekLast()).map(Point::number), restored, stoppedWith);
    }

    /**
     * A checkpoint or savepoint.
     *
     * @param uri its directory
     * @param number its number in the job
     */
    record Point(String uri, long number) {}
}
