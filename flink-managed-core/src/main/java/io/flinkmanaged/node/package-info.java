/**
 * What runs in the JVMs of nodes beside Flink, and nothing else of this library does: JVMs that are prepared before they are
 * needed, or end with the one that started them. It imports nothing of the library.
 */
@NullMarked
package io.flinkmanaged.node;

import org.jspecify.annotations.NullMarked;
