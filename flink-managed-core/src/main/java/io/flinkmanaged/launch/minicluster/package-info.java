/** Launches clusters inside this JVM. */
@NullMarked
package io.flinkmanaged.launch.minicluster;

import org.jspecify.annotations.NullMarked;
