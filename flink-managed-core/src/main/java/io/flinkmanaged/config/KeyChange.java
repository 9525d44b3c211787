package io.flinkmanaged.config;

/**
 * What it takes to change a key of a cluster that runs.
 *
 * @param reader who reads the key
 * @param needsSavepoint whether state that was written under one value can be read under another only from a savepoint in
 *     Flink's canonical format, not from a checkpoint
 * @param reason where in Flink it is read: a sentence for people
 */
public record KeyChange(KeyReader reader, boolean needsSavepoint, String reason) {

    private static final KeyChange UNKNOWN = new KeyChange(
            KeyReader.EVERY_PROCESS, false, "nobody knows who reads it, so every process is started anew with it");

    /**
     * Returns what it takes to change a key.
     *
     * @param key the Flink key, also one of a plug-in or a former name; an unknown one is taken as read by every process
     */
    public static KeyChange of(String key) {
        return KeyReaders.find(KeyCatalogue.ofFlink().nameOf(key)).orElse(UNKNOWN);
    }

    /** Returns the least that makes another value hold everywhere; a launcher may need more. */
    public Disruption disruption() {
        return reader.disruption();
    }

    /** Returns {@code JOBS: why}, for people. */
    @Override
    public String toString() {
        return disruption() + ": " + reason + (needsSavepoint ? "; state is carried by a canonical savepoint" : "");
    }
}
