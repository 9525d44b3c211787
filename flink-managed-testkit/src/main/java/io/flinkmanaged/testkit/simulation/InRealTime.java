package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.model.TimeSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The time of a running library, with its threads: a lock lets one of them in at a time, and is let go of by who waits. */
final class InRealTime extends SimulatedTime {

    private final Random chance;
    private final int speed;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Creates it.
     *
     * @param time the time; closed by its owner
     * @param seed decides what is drawn
     * @param speed how many times quicker things are than measured of real clusters; at least 1
     */
    InRealTime(TimeSource time, long seed, int speed) {
        super(time);
        this.chance = new Random(seed);
        this.speed = speed;
    }

    @Override
    Duration between(Duration least, Duration most) {
        return alone(() -> least.plusNanos(
                        chance.nextLong(Math.max(1, most.minus(least).toNanos()))))
                .dividedBy(speed);
    }

    @Override
    int oneOf(int count) {
        return alone(() -> chance.nextInt(count));
    }

    @Override
    <T> T alone(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Cancellable delay(Duration delay, Runnable task) {
        return time.delay(
                delay,
                () -> alone(() -> {
                    task.run();
                    return true;
                }));
    }

    @Override
    public boolean await(CompletableFuture<?> future, Duration atMost) throws InterruptedException {
        int holds = lock.getHoldCount();
        for (int i = 0; i < holds; i++) {
            lock.unlock();
        }
        try {
            return time.await(future, atMost);
        } finally {
            for (int i = 0; i < holds; i++) {
                lock.lock();
            }
        }
    }

    /** What is got through the door, and lives inside as well, is got with a door of its own. */
    @Override
    <T> T door(Class<T> type, T inside) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    lock.lock();
                    try {
                        return withDoor(method.getReturnType(), method.invoke(inside, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        lock.unlock();
                    }
                }));
    }

    private <T> @Nullable Object withDoor(Class<T> type, @Nullable Object result) {
        boolean livesInside = result != null
                && type.isInterface()
                && result.getClass().getPackage().equals(InRealTime.class.getPackage());
        return livesInside ? door(type, type.cast(Objects.requireNonNull(result))) : result;
    }
}
