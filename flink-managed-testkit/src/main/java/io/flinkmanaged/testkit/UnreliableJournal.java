package io.flinkmanaged.testkit;

import io.flinkmanaged.journal.InMemoryJournal;
import io.flinkmanaged.journal.Journal;
import io.flinkmanaged.journal.JournalException;
import io.flinkmanaged.journal.JournalRecord;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import java.util.List;
import java.util.Optional;

/**
 * A journal in memory that takes nothing for a while when a test wants it; it can be read all the while. Thread-safe.
 */
public final class UnreliableJournal implements Journal {

    private final Journal journal = new InMemoryJournal();
    private volatile boolean writable = true;

    /** Creates an empty one that takes everything. */
    public UnreliableJournal() {}

    /**
     * Says whether it takes anything from now on.
     *
     * @param now whether it does
     */
    public void setWritable(boolean now) {
        writable = now;
    }

    @Override
    public Optional<JournalRecord> read(String key) {
        return journal.read(key);
    }

    @Override
    public List<String> list(String prefix) {
        return journal.list(prefix);
    }

    @Override
    public boolean compareAndSet(String key, long expectedVersion, String text) {
        requireWritable();
        return journal.compareAndSet(key, expectedVersion, text);
    }

    @Override
    public boolean delete(String key, long expectedVersion) {
        requireWritable();
        return journal.delete(key, expectedVersion);
    }

    private void requireWritable() {
        if (!writable) {
            throw new JournalException(
                    Code.UNAVAILABLE, "journal: cannot be written, because a fault wants it. Wait.", null);
        }
    }

    @Override
    public void close() {
        journal.close();
    }
}
