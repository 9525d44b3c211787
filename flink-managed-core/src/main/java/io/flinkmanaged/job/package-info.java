/** Attempts, savepoints and upgrades of jobs. */
@NullMarked
package io.flinkmanaged.job;

import org.jspecify.annotations.NullMarked;
