package io.flinkmanaged.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.testkit.simulation.TakeOver.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process that supervises dies at every step of every operation, before it and after it, and the one that takes over ends up
 * in the same state.
 */
class TakeOverTest {

    @TempDir
    private static Path directory;

    @Test
    void endsInTheSameStateWhereverTheFirstOneDied() throws Exception {
        TakeOver life = new TakeOver(directory);
        Outcome undisturbed = life.run(MortalLibrary.NEVER);
        assertThat(undisturbed.violations()).as(undisturbed::toString).isEmpty();
        assertThat(undisturbed.end()).as(undisturbed::toString).containsValues("quarantined", "runs");
        assertThat(undisturbed.steps())
                .as("every kind of action")
                .anyMatch(step -> step.startsWith("after launch"))
                .anyMatch(step -> step.startsWith("after submit"))
                .anyMatch(step -> step.startsWith("after replaceTaskManager"))
                .anyMatch(step -> step.startsWith("after restart"))
                .anyMatch(step -> step.startsWith("after end"))
                .anyMatch(step -> step.startsWith("after stop "))
                .anyMatch(step -> step.startsWith("after cancel"))
                .anyMatch(step -> step.startsWith("after checkpoint"))
                .anyMatch(step -> step.startsWith("after stopWithSavepoint"))
                .anyMatch(step -> step.startsWith("after triggerSavepoint"))
                .anyMatch(step -> step.startsWith("after renew"));
        assertThat(undisturbed.history())
                .as(undisturbed::toString)
                .filteredOn(line -> line.contains("ChangeApplied"))
                .hasSize(2);
        assertThat(undisturbed.history())
                .as(undisturbed::toString)
                .filteredOn(line -> line.contains("CertificatesRenewed"))
                .hasSize(1);
        List<Outcome> different = LongStream.rangeClosed(1, undisturbed.steps().size())
                .parallel()
                .mapToObj(step -> run(life, step))
                .filter(outcome ->
                        !outcome.violations().isEmpty() || !outcome.end().equals(undisturbed.end()))
                .toList();
        assertThat(different)
                .as(() -> different.size() + " of " + undisturbed.steps().size() + " deaths, the first of them: "
                        + different.get(0))
                .isEmpty();
    }

    private static Outcome run(TakeOver life, long step) {
        try {
            return life.run(step);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
