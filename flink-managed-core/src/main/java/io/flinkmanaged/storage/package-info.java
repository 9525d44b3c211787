/** The SPI of state storage, recovery points and preflight. */
@NullMarked
package io.flinkmanaged.storage;

import org.jspecify.annotations.NullMarked;
