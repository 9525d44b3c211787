/** The journal in files of one host. */
@NullMarked
package io.flinkmanaged.journal.file;

import org.jspecify.annotations.NullMarked;
