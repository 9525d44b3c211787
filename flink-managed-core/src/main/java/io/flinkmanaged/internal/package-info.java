/** Plumbing that the other packages share; sees only {@code model}. */
@NullMarked
package io.flinkmanaged.internal;

import org.jspecify.annotations.NullMarked;
