package io.flinkmanaged.benchmarks;

import java.util.concurrent.Callable;

/**
 * Who takes part in a measurement.
 *
 * @param label its name in the table
 * @param timing does the work once and returns the seconds that count; set-up and clearing up are not in them
 */
record Contender(String label, Callable<Double> timing) {}
