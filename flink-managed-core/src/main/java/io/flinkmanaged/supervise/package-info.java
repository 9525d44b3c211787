/** Decides what to do about what is observed: policy, loop, incidents. */
@NullMarked
package io.flinkmanaged.supervise;

import org.jspecify.annotations.NullMarked;
