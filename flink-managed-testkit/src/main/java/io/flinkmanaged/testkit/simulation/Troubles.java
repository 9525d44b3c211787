package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.model.JobName;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** What is wrong with a cluster now, through all its epochs, beside what is wrong with its processes. */
final class Troubles {

    private final SimulatedTime time;
    private long silentUntilTicks = Long.MIN_VALUE;
    private long unconfirmedUntilTicks = Long.MIN_VALUE;
    private int operationsThatFail;
    private int answersThatAreLost;
    private final Set<JobName> poisoned = new HashSet<>();

    Troubles(SimulatedTime time) {
        this.time = time;
    }

    /** From now on, and so long, REST answers nobody. */
    void silence(Duration lasts) {
        silentUntilTicks = Math.max(silentUntilTicks, time.ticks() + lasts.toNanos());
    }

    boolean isSilent() {
        return time.ticks() < silentUntilTicks;
    }

    /** From now on, and so long, nobody can tell whether what was stopped is dead. */
    void confirmNothing(Duration lasts) {
        unconfirmedUntilTicks = Math.max(unconfirmedUntilTicks, time.ticks() + lasts.toNanos());
    }

    boolean confirmsNothing() {
        return time.ticks() < unconfirmedUntilTicks;
    }

    /** The next operation that starts a process fails half-way. */
    void failNextOperation() {
        operationsThatFail++;
    }

    boolean failsThisOperation() {
        boolean fails = operationsThatFail > 0;
        operationsThatFail -= fails ? 1 : 0;
        return fails;
    }

    /** From now on a job fails whenever it runs. */
    void poison(JobName job) {
        poisoned.add(job);
    }

    boolean poisons(JobName job) {
        return poisoned.contains(job);
    }

    /** The next submission is taken, and nobody hears of it. */
    void loseNextAnswer() {
        answersThatAreLost++;
    }

    boolean losesThisAnswer() {
        boolean lost = answersThatAreLost > 0;
        answersThatAreLost -= lost ? 1 : 0;
        return lost;
    }
}
