/** What storages in buckets have in common, whoever's they are: for adapters. */
@NullMarked
package io.flinkmanaged.storage.bucket;

import org.jspecify.annotations.NullMarked;
