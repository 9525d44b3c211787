/** One runnable program for each promise. */
@NullMarked
package io.flinkmanaged.examples;

import org.jspecify.annotations.NullMarked;
