/** State storage on Google Cloud Storage. */
@NullMarked
package io.flinkmanaged.gcp;

import org.jspecify.annotations.NullMarked;
