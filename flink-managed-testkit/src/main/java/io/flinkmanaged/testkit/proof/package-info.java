/** The proof of exactly once: a source that numbers what it emits, a sink that commits with checkpoints, and the count. */
@NullMarked
package io.flinkmanaged.testkit.proof;

import org.jspecify.annotations.NullMarked;
