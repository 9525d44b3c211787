package io.flinkmanaged.testkit;

import io.flinkmanaged.journal.Journal;
import io.flinkmanaged.journal.file.FileJournal;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest extends DurableJournalContract {

    @TempDir
    private Path directory;

    @Override
    protected Journal open() {
        return FileJournal.open(directory.resolve("journal"));
    }
}
