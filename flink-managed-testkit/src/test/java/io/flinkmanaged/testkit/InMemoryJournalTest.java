package io.flinkmanaged.testkit;

import io.flinkmanaged.journal.InMemoryJournal;
import io.flinkmanaged.journal.Journal;

class InMemoryJournalTest extends JournalContract {

    @Override
    protected Journal open() {
        return new InMemoryJournal();
    }
}
