/** From the difference of two specs to steps. */
@NullMarked
package io.flinkmanaged.change;

import org.jspecify.annotations.NullMarked;
