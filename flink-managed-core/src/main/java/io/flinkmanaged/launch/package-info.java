/** The SPI of launchers, the observation of a cluster and its job gateway. */
@NullMarked
package io.flinkmanaged.launch;

import org.jspecify.annotations.NullMarked;
