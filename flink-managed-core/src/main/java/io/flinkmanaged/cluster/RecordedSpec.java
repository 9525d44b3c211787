package io.flinkmanaged.cluster;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.SpecYaml;

/** The spec in a record of its cluster. */
final class RecordedSpec {

    private RecordedSpec() {}

    /**
     * Reads one.
     *
     * @param record which, for messages
     * @param text the spec
     * @param cluster whose record it is
     * @throws InvalidInputException if it is damaged, or another cluster's: the record was copied to where it is
     */
    static ClusterSpec read(String record, String text, ClusterName cluster) {
        ClusterSpec spec = SpecYaml.read(record + ", spec", text);
        if (!spec.name().equals(cluster)) {
            throw InvalidInputException.of(
                    record,
                    "of cluster " + spec.name(),
                    "of cluster " + cluster,
                    "Bring its own back, or delete it to forget what it says.");
        }
        return spec;
    }
}
