package io.flinkmanaged.testkit;

import io.flinkmanaged.spec.ClusterSpec;

/** Says what the cluster of a {@link ClusterTest} is to be. */
@FunctionalInterface
public interface ClusterSpecSupplier {

    /**
     * Returns the spec.
     *
     * @param defaults with a name, the plan and the slots of the annotation, and checkpoints to files of the test's own
     *     directory; what is set here wins
     */
    ClusterSpec spec(ClusterSpec.Builder defaults);

    /** Leaves it as it is. */
    final class Defaults implements ClusterSpecSupplier {

        /** For JUnit. */
        public Defaults() {}

        @Override
        public ClusterSpec spec(ClusterSpec.Builder defaults) {
            return defaults.build();
        }
    }
}
