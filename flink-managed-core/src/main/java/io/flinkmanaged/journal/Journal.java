package io.flinkmanaged.journal;

import java.util.List;
import java.util.Optional;

/**
 * Where the library keeps what it must know after its own process has died: the wanted clusters, their epoch and the
 * operation that is under way. Current state only; history is events.
 *
 * <p>Four operations on small named records. An implementation is thread-safe, makes a successful write durable before
 * it returns, and never shows a torn record: it throws {@link JournalException} instead. The contract suite in the
 * testkit says the rest.
 */
public interface Journal extends AutoCloseable {

    /** The version of a record that is absent, for {@link #compareAndSet}. */
    long ABSENT = 0;

    /**
     * Reads a record.
     *
     * @param key its name
     * @return the record, or empty if there is none
     * @throws JournalException if it cannot be read or is damaged
     */
    Optional<JournalRecord> read(String key);

    /**
     * Lists the names of all records below a prefix.
     *
     * @param prefix the beginning of the names; empty for all
     * @return the names in order
     * @throws JournalException if the journal cannot be read
     */
    List<String> list(String prefix);

    /**
     * Writes a record if it is still the one that was read.
     *
     * @param key its name
     * @param expectedVersion the version that was read, or {@link #ABSENT}
     * @param text the new content, at most 1 MiB as UTF-8
     * @return true if it was written with version {@code expectedVersion + 1}; false if the record had another version
     * @throws JournalException if the journal cannot be written; then either the old or the new record is there
     */
    boolean compareAndSet(String key, long expectedVersion, String text);

    /**
     * Deletes a record if it is still the one that was read.
     *
     * @param key its name
     * @param expectedVersion the version that was read
     * @return true if it was deleted; false if the record had another version or was absent
     * @throws JournalException if the journal cannot be written
     */
    boolean delete(String key, long expectedVersion);

    /** Lets go of what the journal holds open; the records stay. */
    @Override
    void close();
}
