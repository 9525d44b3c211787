package io.flinkmanaged.examples;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Makes Ctrl-C end a program as a failure would: what it waits for is interrupted, and the JVM stays until it has
 * cleaned up.
 */
final class Interruption {

    private static final int CLEAN_UP_SECONDS = 30;

    private Interruption() {}

    /**
     * Runs a program on this thread.
     *
     * @param program returns the exit status
     * @return the exit status
     */
    static int guard(IntSupplier program) {
        Thread runner = Thread.currentThread();
        CountDownLatch cleanedUp = new CountDownLatch(1);
        Thread hook = new Thread(() -> interrupt(runner, cleanedUp), "ctrl-c");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return program.getAsInt();
        } finally {
            cleanedUp.countDown();
            remove(hook);
        }
    }

    private static void remove(Thread hook) {
        try {
            boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook runs, and has just been told to let it go.
        }
    }

    private static void interrupt(Thread program, CountDownLatch cleanedUp) {
        program.interrupt();
        try {
            boolean unused = cleanedUp.await(CLEAN_UP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
