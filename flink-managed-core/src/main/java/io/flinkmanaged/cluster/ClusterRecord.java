package io.flinkmanaged.cluster;

import io.flinkmanaged.internal.YamlRecord;
import io.flinkmanaged.internal.YamlText;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.SpecYaml;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The spec in force beside the state, {@code <location>/<cluster>/cluster.yaml}, from which the cluster is rebuilt when
 * journal and processes are gone.
 *
 * <p>Secrets are not in it: overrides of secret keys are references to them, and the options of the location, which whoever
 * opens it has anyhow, are left out.
 */
public final class ClusterRecord {

    private static final int FORMAT = 1;

    private final StateStorage storage;
    private final ClusterName cluster;
    private final String path;

    /**
     * Creates a view of a cluster's record.
     *
     * @param storage where it is; not closed by this
     * @param cluster the cluster
     */
    public ClusterRecord(StateStorage storage, ClusterName cluster) {
        this.storage = storage;
        this.cluster = cluster;
        this.path = cluster + "/cluster.yaml";
    }

    /**
     * Writes the record, unless it says the same already.
     *
     * @param spec the spec in force
     * @throws StorageException if the storage does not take it
     */
    public void keep(ClusterSpec spec) {
        String text = textOf(spec);
        if (!storage.read(path).equals(Optional.of(text))) {
            storage.write(path, text);
        }
    }

    /**
     * Reads the record.
     *
     * @return the spec that was in force last, with the storage's location in the place of the recorded one
     * @throws InvalidInputException if there is none, it is damaged, another cluster's, or a newer version of this library wrote it
     */
    public ClusterSpec read() {
        String subject = "cluster record " + storage.uriOf(path);
        String text = storage.read(path)
                .orElseThrow(() -> InvalidInputException.of(
                        subject,
                        "absent",
                        "written when the cluster was launched first; clusters here: " + clusters(),
                        "Name one of these or another location; or launch or operate " + cluster
                                + " with its spec: that continues its jobs."));
        YamlRecord record = YamlRecord.read(subject, text).requireFormat(FORMAT);
        return at(storage.location(), RecordedSpec.read(subject, record.text("spec"), cluster));
    }

    private List<String> clusters() {
        return storage.children("").stream()
                .filter(name -> storage.read(name + "/cluster.yaml").isPresent())
                .toList();
    }

    private static String textOf(ClusterSpec spec) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("format", FORMAT);
        map.put("spec", SpecYaml.write(withoutOptions(spec)));
        return YamlText.write(map);
    }

    private static ClusterSpec withoutOptions(ClusterSpec spec) {
        return spec.checkpoints()
                .map(Checkpointing::location)
                .map(location -> at(StorageLocation.at(location.uri().toString()), spec))
                .orElse(spec);
    }

    private static ClusterSpec at(StorageLocation location, ClusterSpec spec) {
        return spec.checkpoints()
                .map(checkpoints ->
                        spec.toBuilder().checkpoints(checkpoints.to(location)).build())
                .orElse(spec);
    }
}
