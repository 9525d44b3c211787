package io.flinkmanaged;

import io.flinkmanaged.launch.JobGateway;
import io.flinkmanaged.launch.LaunchedCluster;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.core.execution.JobClient;
import org.jspecify.annotations.Nullable;

/**
 * The process of a library on real clusters, which dies right before or right after a chosen call to its launcher, to a running
 * epoch, or to Flink. It dies as by SIGKILL: nothing is cleaned up.
 */
final class MortalProcess {

    /** The exit status of one that died where it was to die. */
    static final int DIED = 42;

    private volatile Optional<Moment> due = Optional.empty();
    private final AtomicInteger calls = new AtomicInteger();

    /** From now on, it dies at a moment. */
    void diesAt(Moment moment) {
        calls.set(0);
        due = Optional.of(moment);
    }

    /** Returns what it sees of something outside. */
    <T> T door(Class<T> type, T outside) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call(outside, method, arguments)));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The caller gets it as the answer of its own call.
    private @Nullable Object call(Object outside, Method method, Object @Nullable [] arguments) throws Throwable {
        Optional<Moment> fatal = due.filter(
                moment -> method.getName().equals(moment.call()) && calls.incrementAndGet() == moment.count());
        if (fatal.isPresent() && !fatal.get().after()) {
            die();
        }
        Object result;
        try {
            result = method.invoke(outside, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (fatal.isEmpty()) {
            return withDoor(result);
        }
        if (result instanceof CompletableFuture<?> answer) {
            // The world has changed when it answers; whoever waits for that never hears of it.
            return answer.thenApply(unheard -> die());
        }
        return die();
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

    private static @Nullable Object die() {
        Runtime.getRuntime().halt(DIED);
        return null;
    }

    /**
     * When a process dies.
     *
     * @param call over a call of which method
     * @param count over which of them
     * @param after whether the world has changed, and nobody has heard; otherwise nothing has been done
     */
    record Moment(String call, int count, boolean after) {

        static Moment before(String call) {
            return new Moment(call, 1, false);
        }

        static Moment after(String call) {
            return new Moment(call, 1, true);
        }
    }
}
