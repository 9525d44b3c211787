/** The catalogue of keys, rules, layers and their explanation; knows no spec. */
@NullMarked
package io.flinkmanaged.config;

import org.jspecify.annotations.NullMarked;
