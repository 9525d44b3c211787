/** What is wanted of a cluster. */
@NullMarked
package io.flinkmanaged.spec;

import org.jspecify.annotations.NullMarked;
