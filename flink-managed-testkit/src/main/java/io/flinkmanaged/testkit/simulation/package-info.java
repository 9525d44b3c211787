/** Clusters, their faults and their time, simulated: weeks of failures in milliseconds, the same for the same seed. */
@NullMarked
package io.flinkmanaged.testkit.simulation;

import org.jspecify.annotations.NullMarked;
