/** The one door to Flink's types that are not public: memory figures, checkpoint metadata, execution plans, REST. */
@NullMarked
package io.flinkmanaged.flink;

import org.jspecify.annotations.NullMarked;
