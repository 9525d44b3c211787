/** Every event: a flat record of ids, small values and text; listeners and their ordered dispatch. */
@NullMarked
package io.flinkmanaged.event;

import org.jspecify.annotations.NullMarked;
