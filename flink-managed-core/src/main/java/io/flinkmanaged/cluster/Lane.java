package io.flinkmanaged.cluster;

import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Runs operations one after the other, in the order in which they came, on threads of a pool: a cluster has one. */
public final class Lane {

    private final Executor pool;
    private final Deque<Operation<?>> waiting = new ArrayDeque<>();
    private boolean busy;

    Lane(Executor pool) {
        this.pool = pool;
    }

    /**
     * Queues an operation.
     *
     * @param operation may block; must not wait for another operation of the same lane
     * @param <T> its result
     * @return completes with its result, on the thread that ran it; fails if the pool has ended
     */
    public <T> CompletableFuture<T> run(Callable<T> operation) {
        Operation<T> step = new Operation<>(operation, new CompletableFuture<>());
        synchronized (waiting) {
            waiting.add(step);
            if (busy) {
                return step.result();
            }
            busy = true;
        }
        begin();
        return step.result();
    }

    /** A new task of the pool for each operation, so that a long lane does not keep a worker from the others. */
    private void begin() {
        try {
            pool.execute(this::runNext);
        } catch (RejectedExecutionException e) {
            refuseAll(e);
        }
    }

    private void runNext() {
        Operation<?> step;
        synchronized (waiting) {
            step = waiting.remove();
        }
        step.run();
        synchronized (waiting) {
            busy = !waiting.isEmpty();
            if (!busy) {
                return;
            }
        }
        begin();
    }

    private void refuseAll(RejectedExecutionException cause) {
        List<Operation<?>> refused;
        synchronized (waiting) {
            refused = List.copyOf(waiting);
            waiting.clear();
            busy = false;
        }
        refused.forEach(step -> step.refuse(cause));
    }

    private record Operation<T>(Callable<T> operation, CompletableFuture<T> result) {

        void run() {
            try {
                result.complete(operation.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        }

        void refuse(RejectedExecutionException cause) {
            result.completeExceptionally(new ManagedFlinkException(
                    Code.CLOSED,
                    null,
                    "operations: the library instance is closed (expected: open). Create another ManagedFlink.",
                    cause));
        }
    }
}
