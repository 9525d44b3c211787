/** Launches clusters as processes of this machine. */
@NullMarked
package io.flinkmanaged.launch.process;

import org.jspecify.annotations.NullMarked;
