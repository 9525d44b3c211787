package io.flinkmanaged.launch.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.internal.Polling;
import io.flinkmanaged.model.ProcessIdentity;
import io.flinkmanaged.model.ProcessIdentity.Liveness;
import io.flinkmanaged.model.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A process of this machine. The end of a child is told by the operating system on a thread of the JDK's, that of a process
 * which another JVM started is looked for ten times a second, from when somebody wants to know.
 */
final class LocalProcess implements HostProcess {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration FOR_EVER = Duration.ofDays(365_000);

    private final String startedAs;
    private final boolean descendant;
    private final ProcessHandle handle;
    private final ProcessIdentity identity;
    private final CompletableFuture<OptionalInt> end;
    private final Runnable watch;
    private final AtomicBoolean watched = new AtomicBoolean();

    private LocalProcess(
            String startedAs,
            boolean descendant,
            ProcessHandle handle,
            ProcessIdentity identity,
            CompletableFuture<OptionalInt> end,
            Runnable watch) {
        this.startedAs = startedAs;
        this.descendant = descendant;
        this.handle = handle;
        this.identity = identity;
        this.end = end;
        this.watch = watch;
    }

    static LocalProcess child(String startedAs, Process process) {
        return new LocalProcess(
                startedAs,
                false,
                process.toHandle(),
                ProcessIdentity.of(process.toHandle()),
                process.onExit().thenApply(ended -> OptionalInt.of(ended.exitValue())),
                () -> {});
    }

    static LocalProcess adopted(String startedAs, boolean descendant, ProcessHandle handle, TimeSource time) {
        ProcessIdentity identity = ProcessIdentity.of(handle);
        CompletableFuture<OptionalInt> end = new CompletableFuture<>();
        return new LocalProcess(startedAs, descendant, handle, identity, end, () -> look(identity, time, end));
    }

    private static void look(ProcessIdentity identity, TimeSource time, CompletableFuture<OptionalInt> end) {
        CompletableFuture<Boolean> unused = Polling.until(
                        time,
                        LOOK_EVERY,
                        FOR_EVER,
                        () -> CompletableFuture.completedFuture(identity.liveness() == Liveness.DEAD))
                .handle((dead, failure) ->
                        failure == null ? end.complete(OptionalInt.empty()) : end.completeExceptionally(failure));
    }

    ProcessIdentity identity() {
        return identity;
    }

    @Override
    public String startedAs() {
        return startedAs;
    }

    @Override
    public boolean isDescendant() {
        return descendant;
    }

    @Override
    public String id() {
        return identity.toString();
    }

    @Override
    public Optional<Instant> startedAt() {
        long millis = identity.startedAtMillis();
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    @Override
    public Liveness liveness() {
        return end.isDone() && !end.isCompletedExceptionally() ? Liveness.DEAD : identity.liveness();
    }

    @Override
    public boolean isEnding() {
        return !end.isDone() && identity.isEnding();
    }

    @Override
    public CompletableFuture<OptionalInt> whenEnded() {
        // Most that are found are only counted.
        if (watched.compareAndSet(false, true)) {
            watch.run();
        }
        return end;
    }

    @Override
    public void end(boolean forcibly) {
        // The JDK compares the start time, too, before it sends a signal.
        if (identity.liveness() != Liveness.DEAD) {
            boolean unused = forcibly ? handle.destroyForcibly() : handle.destroy();
        }
    }

    @Override
    public void hang() throws IOException {
        if (identity.liveness() == Liveness.DEAD) {
            return;
        }
        Process kill = new ProcessBuilder("kill", "-STOP", Long.toString(handle.pid()))
                .redirectErrorStream(true)
                .start();
        String said = new String(kill.getInputStream().readAllBytes(), UTF_8).strip();
        if (kill.onExit().join().exitValue() != 0) {
            throw new IOException("kill -STOP " + handle.pid() + ": " + said);
        }
    }
}
