/** Small versioned records, the lease and journalled operations. */
@NullMarked
package io.flinkmanaged.journal;

import org.jspecify.annotations.NullMarked;
