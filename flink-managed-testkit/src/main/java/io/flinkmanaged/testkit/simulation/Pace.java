package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.render.RenderedProcess.Kind;
import java.time.Duration;

/** How long things take in a simulated cluster, drawn from the seed between two bounds: as measured of real ones, roughly. */
final class Pace {

    /** How long whoever asks REST waits for an answer. */
    static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    /** How long a launch or a replacement waits for what it has started. */
    static final Duration UP_WITHIN = Duration.ofMinutes(5);

    private final SimulatedTime time;

    Pace(SimulatedTime time) {
        this.time = time;
    }

    /** From a process's start until it takes part. */
    Duration start(Kind kind) {
        return kind == Kind.ZOOKEEPER ? millis(300, 900) : millis(1500, 4000);
    }

    /** From a leader's death, which a witness saw, to the next one. */
    Duration election() {
        return millis(200, 1500);
    }

    /** From a leader's silence to the end of its session at ZooKeeper. */
    Duration session() {
        return millis(5000, 7000);
    }

    /** From a TaskManager's end until Flink takes note. */
    Duration heartbeat() {
        return millis(50, 2000);
    }

    /** From a process's silence until its witnesses agree. */
    Duration silenceIsKnown() {
        return millis(8000, 20_000);
    }

    /** From a job's interruption, or its submission, until its tasks run. */
    Duration deployment() {
        return millis(300, 2500);
    }

    /** From the beginning of a run to the record at which the job fails. */
    Duration poison() {
        return millis(20, 2000);
    }

    /** From a question to its answer, where that changes something. */
    Duration answer() {
        return millis(10, 400);
    }

    /** How long the tasks of a job write a checkpoint. */
    Duration checkpoint() {
        return millis(20, 800);
    }

    /** How long it takes to end processes. */
    Duration end() {
        return millis(50, 3000);
    }

    private Duration millis(int least, int most) {
        return time.between(Duration.ofMillis(least), Duration.ofMillis(most));
    }
}
