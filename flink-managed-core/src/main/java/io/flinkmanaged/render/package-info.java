/** From spec, placement and storage to a rendered cluster. */
@NullMarked
package io.flinkmanaged.render;

import org.jspecify.annotations.NullMarked;
