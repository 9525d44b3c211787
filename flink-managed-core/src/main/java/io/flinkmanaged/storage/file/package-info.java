/** State storage in a directory. */
@NullMarked
package io.flinkmanaged.storage.file;

import org.jspecify.annotations.NullMarked;
