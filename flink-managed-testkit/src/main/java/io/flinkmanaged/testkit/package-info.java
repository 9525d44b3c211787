/** For tests of managed clusters: faults, simulated time and contract suites. */
@NullMarked
package io.flinkmanaged.testkit;

import org.jspecify.annotations.NullMarked;
