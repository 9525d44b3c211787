package io.flinkmanaged.testkit.proof;

import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.AssertProvider;
import org.assertj.core.api.Assertions;

/**
 * What came out of a job, against what had to.
 *
 * @param expected how many different numbers had to come out
 * @param found how many came out, doubles counted as often as they came
 * @param missing those that did not come out
 * @param doubled those that came out more than once
 * @param unexpected those that the source never emitted
 */
public record ExactlyOnceReport(
        long expected, long found, Deviations missing, Deviations doubled, Deviations unexpected)
        implements AssertProvider<ExactlyOnceAssert> {

    /** Returns whether every number came out once and nothing else did. Nothing at all proves nothing, so it is no. */
    public boolean isExactlyOnce() {
        return expected > 0 && missing.count() == 0 && doubled.count() == 0 && unexpected.count() == 0;
    }

    /** For AssertJ's {@link Assertions#assertThat(AssertProvider)}. */
    @Override
    public ExactlyOnceAssert assertThat() {
        return new ExactlyOnceAssert(this);
    }

    /** Returns a report for people: the counts, and the first few numbers of each kind. */
    @Override
    public String toString() {
        if (isExactlyOnce()) {
            return "exactly once: all of " + expected + " numbers";
        }
        if (expected == 0 && found == 0) {
            return "not exactly once: nothing came out, and no checkpoint was completed that covers a number "
                    + "(expected: numbers). Let the job run until it has completed a checkpoint.";
        }
        return "not exactly once: " + found + " numbers came out (expected: each of " + expected + " once)"
                + missing.text("missing")
                + doubled.text("doubled")
                + unexpected.text("never emitted by the source");
    }

    /**
     * Numbers that did not come out as they should.
     *
     * @param count how many there are
     * @param first the lowest of them, at most {@value #SHOWN}
     */
    public record Deviations(long count, List<Deviation> first) {

        /** How many are named. */
        public static final int SHOWN = 10;

        /** Keeps a copy. */
        public Deviations {
            first = List.copyOf(first);
        }

        private String text(String kind) {
            if (count == 0) {
                return "";
            }
            return "\n  " + count + " " + kind + ": "
                    + first.stream().map(Deviation::toString).collect(Collectors.joining(", "))
                    + (count > first.size() ? ", …" : "");
        }
    }

    /**
     * A number that did not come out once.
     *
     * @param number the number
     * @param times how often it came out
     */
    public record Deviation(long number, int times) {

        /** Returns {@code 17}, or {@code 17 (3 times)}. */
        @Override
        public String toString() {
            return times > 1 ? number + " (" + times + " times)" : Long.toString(number);
        }
    }
}
