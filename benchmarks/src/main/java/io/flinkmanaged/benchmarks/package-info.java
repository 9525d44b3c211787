/** Measurements side by side with raw Flink. */
@NullMarked
package io.flinkmanaged.benchmarks;

import org.jspecify.annotations.NullMarked;
