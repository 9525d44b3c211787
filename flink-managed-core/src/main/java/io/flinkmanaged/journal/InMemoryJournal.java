package io.flinkmanaged.journal;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** A journal that lives as long as its object: for tests and for clusters that need not outlive their process. */
public final class InMemoryJournal implements Journal {

    private final ConcurrentSkipListMap<String, JournalRecord> records = new ConcurrentSkipListMap<>();

    @Override
    public Optional<JournalRecord> read(String key) {
        return Optional.ofNullable(records.get(JournalKeys.check(key)));
    }

    @Override
    public List<String> list(String prefix) {
        return records.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    }

    @Override
    public boolean compareAndSet(String key, long expectedVersion, String text) {
        JournalRecord next =
                new JournalRecord(JournalKeys.check(key), expectedVersion + 1, JournalKeys.checkSize(key, text));
        if (expectedVersion == ABSENT) {
            return records.putIfAbsent(key, next) == null;
        }
        JournalRecord current = records.get(key);
        return current != null && current.version() == expectedVersion && records.replace(key, current, next);
    }

    @Override
    public boolean delete(String key, long expectedVersion) {
        JournalRecord current = records.get(JournalKeys.check(key));
        return current != null && current.version() == expectedVersion && records.remove(key, current);
    }

    /** Does nothing: the records stay readable through this object. */
    @Override
    public void close() {}
}
