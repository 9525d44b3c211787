/** One cluster: begins and ends an epoch, replaces a node, rolls. */
@NullMarked
package io.flinkmanaged.cluster;

import org.jspecify.annotations.NullMarked;
