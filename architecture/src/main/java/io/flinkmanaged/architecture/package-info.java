/** The rules of the house that bytecode can show. */
@NullMarked
package io.flinkmanaged.architecture;

import org.jspecify.annotations.NullMarked;
