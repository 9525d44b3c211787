package io.flinkmanaged.benchmarks;

import java.util.Locale;

/** What a figure counts, and how it is written. */
enum Unit {
    SECONDS("%.3f", " s", 1),
    MILLISECONDS("%.3f", " ms", 1e3),
    MILLION_RECORDS_PER_SECOND("%.3f", " M records/s", 1e-6);

    private final String format;
    private final String suffix;
    private final double scale;

    Unit(String format, String suffix, double scale) {
        this.format = format;
        this.suffix = suffix;
        this.scale = scale;
    }

    String write(double value) {
        return number(value) + suffix;
    }

    /** Writes median, minimum and maximum. */
    String write(Samples samples) {
        return write(samples.median()) + " (" + number(samples.min()) + ".." + number(samples.max()) + ")";
    }

    private String number(double value) {
        return String.format(Locale.ROOT, format, value * scale);
    }
}
