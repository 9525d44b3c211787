package io.flinkmanaged.job;

import java.util.List;

/**
 * What a job is made of, as content addresses in the cluster's artifacts.
 *
 * @param plan the SHA-256 of its execution plan
 * @param jars the SHA-256 of each jar with its classes
 * @param onFlinkClassPath whether the submitting JVM's Flink saw the very same classes without the jars
 */
public record Artifact(String plan, List<String> jars, boolean onFlinkClassPath) {

    /** Keeps a copy of the jars. */
    public Artifact {
        jars = List.copyOf(jars);
    }
}
