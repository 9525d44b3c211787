package io.flinkmanaged.launch.process;

import io.flinkmanaged.model.ProcessIdentity.Liveness;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends processes: asked first, then without being asked, and never without end. */
final class Ending {

    private static final Duration KILLED_WITHIN = Duration.ofSeconds(10);

    private Ending() {}

    /**
     * Asks processes to end, kills those that do not, and waits.
     *
     * @param processes which
     * @param patience how long they may take before they are killed; zero to kill them at once
     * @return those that are not known to be dead
     */
    static List<HostProcess> end(Collection<HostProcess> processes, Duration patience) {
        if (!patience.isZero()) {
            processes.forEach(process -> process.end(false));
            await(processes, patience);
        }
        living(processes).forEach(process -> process.end(true));
        await(processes, KILLED_WITHIN);
        return living(processes);
    }

    private static List<HostProcess> living(Collection<HostProcess> processes) {
        return processes.stream()
                .filter(process -> process.liveness() != Liveness.DEAD)
                .toList();
    }

    private static void await(Collection<HostProcess> processes, Duration atMost) {
        CompletableFuture<?>[] ends =
                living(processes).stream().map(HostProcess::whenEnded).toArray(CompletableFuture<?>[]::new);
        try {
            Object unused = CompletableFuture.allOf(ends).get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // Who lives is looked for afterwards.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
