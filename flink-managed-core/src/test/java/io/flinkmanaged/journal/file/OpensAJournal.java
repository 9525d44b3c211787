package io.flinkmanaged.journal.file;

import java.io.IOException;
import java.nio.file.Path;

/** Opens a journal in a process of its own, says what came of it, and holds it until its standard input ends. */
final class OpensAJournal {

    static final String OPENED = "opened";
    static final String REFUSED = "refused";

    private OpensAJournal() {}

    public static void main(String[] directory) throws IOException {
        try (FileJournal journal = FileJournal.open(Path.of(directory[0]))) {
            System.out.println(OPENED + " with " + journal.list(""));
            int unusedEnd = System.in.read();
        } catch (RuntimeException e) {
            System.out.println(REFUSED + ": " + e.getMessage());
        }
    }
}
