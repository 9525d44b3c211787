package io.flinkmanaged.testkit.proof;

import io.flinkmanaged.testkit.proof.ExactlyOnceReport.Deviation;
import io.flinkmanaged.testkit.proof.ExactlyOnceReport.Deviations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;

/** Counts what came out against what had to, lane by lane. Used once, by one thread. */
final class OutputCount {

    private final long[] output;
    private final LongUnaryOperator ends;
    private final boolean open;
    private final Tally missing = new Tally();
    private final Tally doubled = new Tally();
    private final Tally unexpected = new Tally();
    private long expected;

    /**
     * Prepares the count.
     *
     * @param output what came out
     * @param ends before which number each lane ends, at the earliest, by the lane's first number
     * @param open whether a number beyond that may have come out; then those before it had to as well
     */
    OutputCount(LongStream output, LongUnaryOperator ends, boolean open) {
        this.output = output.toArray();
        this.ends = ends;
        this.open = open;
    }

    ExactlyOnceReport report() {
        Arrays.stream(output).filter(number -> number < 0).distinct().forEach(number -> unexpected.add(number, 1));
        for (int lane = 0; lane < Lane.LANES; lane++) {
            count(lane);
        }
        return new ExactlyOnceReport(
                expected, output.length, missing.deviations(), doubled.deviations(), unexpected.deviations());
    }

    private void count(int lane) {
        long[] sorted = Arrays.stream(output)
                .filter(number -> number >= 0 && Lane.of(number) == lane)
                .sorted()
                .toArray();
        long highest = sorted.length == 0 ? -1 : sorted[sorted.length - 1];
        long end = open ? Math.max(ends.applyAsLong(lane), highest + 1) : ends.applyAsLong(lane);
        expected += numbersBetween(lane, end);
        long next = lane;
        int i = 0;
        while (i < sorted.length) {
            long number = sorted[i];
            int first = i;
            while (i < sorted.length && sorted[i] == number) {
                i++;
            }
            if (number >= end) {
                unexpected.add(number, i - first);
                continue;
            }
            missing(next, number);
            next = number + Lane.LANES;
            if (i - first > 1) {
                doubled.add(number, i - first);
            }
        }
        missing(next, end);
    }

    /** A gap may be wide, so its numbers are counted and not enumerated. */
    private void missing(long from, long to) {
        long count = numbersBetween(from, to);
        for (long i = 0; i < Math.min(count, Deviations.SHOWN); i++) {
            missing.show(from + i * Lane.LANES, 0);
        }
        missing.count += count;
    }

    private static long numbersBetween(long from, long to) {
        return to <= from ? 0 : (to - from + Lane.LANES - 1) / Lane.LANES;
    }

    private static final class Tally {
        private final List<Deviation> seen = new ArrayList<>();
        private long count;

        void add(long number, int times) {
            show(number, times);
            count++;
        }

        void show(long number, int times) {
            seen.add(new Deviation(number, times));
        }

        Deviations deviations() {
            return new Deviations(
                    count,
                    seen.stream()
                            .sorted(Comparator.comparingLong(Deviation::number))
                            .limit(Deviations.SHOWN)
                            .toList());
        }
    }
}
