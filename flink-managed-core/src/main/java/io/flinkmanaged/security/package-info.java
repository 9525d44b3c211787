/** Certificate authorities of a cluster, what they issue to nodes and people, and how their keys are kept. */
@NullMarked
package io.flinkmanaged.security;

import org.jspecify.annotations.NullMarked;
