package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.journal.Journal;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.storage.StateStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.flink.core.execution.JobClient;
import org.jspecify.annotations.Nullable;

/**
 * The process of a library, which dies right before or right after one of the steps by which it changes the world: a write to
 * storage or journal, an order to a launcher, a word to Flink. From then on it does nothing more: its threads stand still where
 * they are, its timers never fire, and nothing of what it waited for reaches it.
 */
final class MortalLibrary implements TimeSource {

    static final long NEVER = Long.MAX_VALUE;

    private static final Duration FOR_EVER = Duration.ofDays(36_500);
    private static final Set<String> STEPS = Set.of(
            "write",
            "createIfAbsent",
            "putArtifact",
            "delete",
            "compareAndSet",
            "launch",
            "adopt",
            "replaceTaskManager",
            "restart",
            "renew",
            "end",
            "stop",
            "letGo",
            "submit",
            "checkpoint",
            "cancel",
            "stopWithSavepoint",
            "triggerSavepoint");

    private final VirtualTime time;
    private final long diesAt;
    private final List<String> steps = new ArrayList<>();
    private final CompletableFuture<Void> whenDead = new CompletableFuture<>();

    /**
     * Creates one.
     *
     * @param diesAt at which of its steps; each counts twice, before and after. {@link #NEVER} for an immortal one
     */
    MortalLibrary(VirtualTime time, long diesAt) {
        this.time = time;
        this.diesAt = diesAt;
    }

    /** Completes when it dies. */
    CompletableFuture<Void> whenDead() {
        return whenDead;
    }

    /** Returns the steps that it has begun and taken. */
    List<String> steps() {
        return List.copyOf(steps);
    }

    boolean isDead() {
        return whenDead.isDone();
    }

    /** Returns what it sees of something outside. */
    <T> T door(Class<T> type, T outside) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call(outside, method, arguments)));
    }

    private @Nullable Object call(Object outside, Method method, Object @Nullable [] arguments) throws Throwable {
        standStillIfDead();
        boolean isStep =
                STEPS.contains(method.getName()) && !method.getDeclaringClass().equals(Object.class);
        if (isStep) {
            step("before " + method.getName(), arguments);
        }
        Object result;
        try {
            result = method.invoke(outside, arguments);
        } catch (InvocationTargetException e) {
            standStillIfDead();
            throw e.getCause();
        }
        if (isStep) {
            step("after " + method.getName(), arguments);
        }
        standStillIfDead();
        return withDoor(result);
    }

    private @Nullable Object withDoor(@Nullable Object result) {
        if (result instanceof Optional<?> optional) {
            return optional.map(this::withDoor);
        }
        if (result instanceof LaunchedCluster launched) {
            return door(LaunchedCluster.class, launched);
        }
        if (result instanceof JobGateway gateway) {
            return door(JobGateway.class, gateway);
        }
        return result instanceof JobClient client ? door(JobClient.class, client) : result;
    }

    private void step(String what, Object @Nullable [] arguments) {
        Object first = arguments == null || arguments.length == 0 ? "" : arguments[0];
        steps.add(what + (first instanceof String ? " " + first : ""));
        if (steps.size() == diesAt) {
            whenDead.complete(null);
        }
        standStillIfDead();
    }

    /** Who is not alive any more gets no further, until everything is over. */
    private void standStillIfDead() {
        if (isDead()) {
            try {
                time.await(new CompletableFuture<>(), FOR_EVER);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new ThreadOfTheDead();
        }
    }

    /** Returns its loop. */
    Executor loop() {
        Executor loop = time.loop();
        return task -> loop.execute(whileAlive(task));
    }

    private Runnable whileAlive(Runnable task) {
        return () -> {
            if (!isDead()) {
                task.run();
            }
        };
    }

    StateStorage storage(StateStorage storage) {
        return door(StateStorage.class, storage);
    }

    Journal journal(Journal journal) {
        return door(Journal.class, journal);
    }

    ClusterLauncher launcher(ClusterLauncher launcher) {
        return door(ClusterLauncher.class, launcher);
    }

    @Override
    public Instant now() {
        return time.now();
    }

    @Override
    public long ticks() {
        return time.ticks();
    }

    @Override
    public Cancellable delay(Duration delay, Runnable task) {
        return time.delay(delay, whileAlive(task));
    }

    @Override
    public Executor blocking() {
        Executor pool = time.blocking();
        return task -> pool.execute(whileAlive(task));
    }

    @Override
    public boolean await(CompletableFuture<?> future, Duration atMost) throws InterruptedException {
        boolean done = time.await(future, atMost);
        standStillIfDead();
        return done;
    }

    @Override
    public String newId() {
        return time.newId();
    }

    /** Ends a thread that stood still, when the time is over. */
    private static final class ThreadOfTheDead extends Error {
        private static final long serialVersionUID = 1L;
    }
}
