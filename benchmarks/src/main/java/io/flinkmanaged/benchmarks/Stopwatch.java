package io.flinkmanaged.benchmarks;

/** Seconds since it was started. */
final class Stopwatch {

    private static final double NANOS = 1e9;

    private final long began = System.nanoTime();

    private Stopwatch() {}

    static Stopwatch started() {
        return new Stopwatch();
    }

    double seconds() {
        return secondsUntil(System.nanoTime());
    }

    /** Returns the seconds from the start to a reading of {@link System#nanoTime()}. */
    double secondsUntil(long nanoTime) {
        return (nanoTime - began) / NANOS;
    }
}
