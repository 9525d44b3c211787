package io.flinkmanaged.benchmarks;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What was measured of one contender, in the order of the rounds.
 *
 * @param values one for each round, at least one
 */
record Samples(List<Double> values) {

    Samples {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("samples: none (expected: one for each round, at least one)");
        }
        values = List.copyOf(values);
    }

    double median() {
        return medianOf(values);
    }

    double min() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    double max() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /** Returns {@code amount} divided by each value: a rate from times. */
    Samples rateOf(double amount) {
        return new Samples(values.stream().map(value -> amount / value).toList());
    }

    /** Returns how these relate to others: one median divided by the other. */
    double ratioOfMedians(Samples others) {
        return median() / others.median();
    }

    /** Returns how these relate to others, round by round: the median of the rounds' ratios, which no drift distorts. */
    double medianOfRatios(Samples others) {
        if (others.values.size() != values.size()) {
            throw new IllegalArgumentException(
                    "samples: " + values.size() + " and " + others.values.size() + " (expected: of the same rounds)");
        }
        return medianOf(IntStream.range(0, values.size())
                .mapToObj(round -> values.get(round) / others.values.get(round))
                .toList());
    }

    private static double medianOf(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
