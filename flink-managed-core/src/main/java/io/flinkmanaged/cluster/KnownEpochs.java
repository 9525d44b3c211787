package io.flinkmanaged.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.internal.Digests;
import io.flinkmanaged.internal.YamlRecord;
import io.flinkmanaged.internal.YamlText;
import io.flinkmanaged.journal.Journal;
import io.flinkmanaged.journal.JournalException;
import io.flinkmanaged.journal.JournalRecord;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.spec.StorageLocation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The newest epoch of each cluster and location, as the journal knows it: {@code epochs/<cluster>/<digest of the URI>}. A
 * storage that shows less was emptied, or is not mounted, and must not be taken for a new one.
 */
public final class KnownEpochs {

    private static final int FORMAT = 1;
    private static final int DIGEST_LENGTH = 16;

    private final Journal journal;

    /**
     * Creates a view of a journal.
     *
     * @param journal the journal; not closed by this
     */
    public KnownEpochs(Journal journal) {
        this.journal = journal;
    }

    /**
     * Returns the newest epoch of a cluster that was begun in a location.
     *
     * @param cluster the cluster
     * @param location the location of its state
     */
    public Optional<Epoch> find(ClusterName cluster, StorageLocation location) {
        return journal.read(keyOf(cluster, location))
                .map(record -> new Epoch(YamlRecord.read("journal record " + record.key(), record.text())
                        .requireFormat(FORMAT)
                        .number("epoch")));
    }

    /**
     * Remembers that an epoch was begun.
     *
     * @param cluster the cluster
     * @param location the location of its state
     * @param epoch the newest one
     * @throws JournalException if another writer was faster
     */
    public void note(ClusterName cluster, StorageLocation location, Epoch epoch) {
        String key = keyOf(cluster, location);
        long version = journal.read(key).map(JournalRecord::version).orElse(Journal.ABSENT);
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("format", FORMAT);
        map.put("epoch", epoch.number());
        map.put("location", location.uri().toString());
        if (!journal.compareAndSet(key, version, YamlText.write(map))) {
            throw new JournalException(
                    Code.CONFLICT,
                    "journal record " + key + ": changed meanwhile (expected: one writer). Call again.",
                    null);
        }
    }

    /**
     * Forgets a cluster in a location: whatever its storage shows from now on is believed.
     *
     * @param cluster the cluster
     * @param location the location of its state
     */
    public void forget(ClusterName cluster, StorageLocation location) {
        // Should somebody have written meanwhile, a cluster of that name has begun again.
        journal.read(keyOf(cluster, location)).ifPresent(record -> {
            boolean unused = journal.delete(record.key(), record.version());
        });
    }

    /** Returns the name of the record, for those who must delete it by hand. */
    static String keyOf(ClusterName cluster, StorageLocation location) {
        String digest = Digests.sha256(location.uri().toString().getBytes(UTF_8));
        return "epochs/" + cluster + "/" + digest.substring(0, DIGEST_LENGTH);
    }
}
