package io.flinkmanaged.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;

/** Several threads that do something at the same time. */
final class Race {

    private static final int WITHIN_SECONDS = 60;

    private Race() {}

    /** Lets every runner begin at the same time; returns what each of them returned, in their order. */
    static <T> List<T> of(int runners, IntFunction<T> runner) throws Exception {
        CyclicBarrier start = new CyclicBarrier(runners);
        ExecutorService threads = Executors.newFixedThreadPool(runners);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < runners; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    start.await(WITHIN_SECONDS, TimeUnit.SECONDS);
                    return runner.apply(number);
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get(WITHIN_SECONDS, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    /** Does one thing on this thread while another thread does something again and again; either may fail. */
    static void during(Callable<?> work, Runnable again) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> repeated = thread.submit(() -> {
                do {
                    again.run();
                } while (!over.get());
            });
            try {
                Object unused = work.call();
            } finally {
                over.set(true);
            }
            Object unused = repeated.get(WITHIN_SECONDS, TimeUnit.SECONDS);
        } finally {
            thread.shutdownNow();
        }
    }
}
