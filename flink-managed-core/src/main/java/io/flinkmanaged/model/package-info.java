/** Ids, findings, secret references, the time source and the base exception. */
@NullMarked
package io.flinkmanaged.model;

import org.jspecify.annotations.NullMarked;
