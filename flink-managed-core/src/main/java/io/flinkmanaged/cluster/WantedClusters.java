package io.flinkmanaged.cluster;

import io.flinkmanaged.internal.YamlRecord;
import io.flinkmanaged.internal.YamlText;
import io.flinkmanaged.journal.Journal;
import io.flinkmanaged.journal.JournalException;
import io.flinkmanaged.journal.JournalRecord;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.SpecYaml;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The operated clusters as the journal knows them: {@code clusters/<name>} holds the spec in force and what is wanted. */
public final class WantedClusters {

    private static final int FORMAT = 1;
    private static final String RUNNING = "RUNNING";
    private static final String TERMINATED = "TERMINATED";

    private final Journal journal;

    /**
     * Creates a view of a journal.
     *
     * @param journal the journal; not closed by this
     */
    public WantedClusters(Journal journal) {
        this.journal = journal;
    }

    /**
     * Returns what is wanted of a cluster.
     *
     * @param cluster the cluster
     * @return empty if it was never operated, or terminated
     * @throws InvalidInputException if the record is damaged, another cluster's, or of a newer version of this library
     */
    public Optional<Wanted> find(ClusterName cluster) {
        return journal.read(keyOf(cluster)).map(record -> parse(record, cluster));
    }

    /**
     * Records that a cluster is wanted.
     *
     * @param spec the spec in force
     * @throws JournalException if another writer was faster
     */
    public void want(ClusterSpec spec) {
        write(spec, RUNNING);
    }

    /**
     * Records that a cluster is wanted no more, and that it may not have ended yet: from now on, whoever operates it ends it
     * first.
     *
     * @param spec the spec in force
     * @throws JournalException if another writer was faster
     */
    public void terminate(ClusterSpec spec) {
        write(spec, TERMINATED);
    }

    private void write(ClusterSpec spec, String wanted) {
        String key = keyOf(spec.name());
        long version = journal.read(key).map(JournalRecord::version).orElse(Journal.ABSENT);
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("format", FORMAT);
        map.put("wanted", wanted);
        map.put("spec", SpecYaml.write(spec));
        if (!journal.compareAndSet(key, version, YamlText.write(map))) {
            throw changedMeanwhile(key);
        }
    }

    /**
     * Forgets a cluster that is not wanted any more, and has ended.
     *
     * @param cluster the cluster
     * @throws JournalException if another writer was faster
     */
    public void forget(ClusterName cluster) {
        Optional<JournalRecord> record = journal.read(keyOf(cluster));
        if (record.isPresent()
                && !journal.delete(record.get().key(), record.get().version())) {
            throw changedMeanwhile(record.get().key());
        }
    }

    private static Wanted parse(JournalRecord record, ClusterName cluster) {
        String subject = "journal record " + record.key();
        YamlRecord fields = YamlRecord.read(subject, record.text()).requireFormat(FORMAT);
        String wanted = fields.text("wanted");
        if (!wanted.equals(RUNNING) && !wanted.equals(TERMINATED)) {
            throw InvalidInputException.of(
                    subject,
                    wanted,
                    RUNNING + " or " + TERMINATED,
                    "Another version of this library wrote it; use that one.");
        }
        return new Wanted(RecordedSpec.read(subject, fields.text("spec"), cluster), wanted.equals(TERMINATED));
    }

    private static String keyOf(ClusterName cluster) {
        return "clusters/" + cluster;
    }

    private static JournalException changedMeanwhile(String key) {
        return new JournalException(
                Code.CONFLICT,
                "journal record " + key + ": changed meanwhile (expected: one writer). Call again.",
                null);
    }

    /**
     * What is wanted of a cluster.
     *
     * @param spec the spec in force
     * @param isTerminated whether it is to end, and nobody has said yet that it has
     */
    public record Wanted(ClusterSpec spec, boolean isTerminated) {}
}
