/** State storage on Amazon S3. */
@NullMarked
package io.flinkmanaged.aws;

import org.jspecify.annotations.NullMarked;
