/** Stand up, operate and heal Flink session clusters: {@code ManagedFlink}, {@code ManagedCluster}, {@code ManagedJob} and the wiring. */
@NullMarked
package io.flinkmanaged;

import org.jspecify.annotations.NullMarked;
