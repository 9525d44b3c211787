package io.flinkmanaged.journal.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.internal.ForkedJvm;
import io.flinkmanaged.journal.Journal;
import io.flinkmanaged.journal.JournalException;
import io.flinkmanaged.journal.JournalRecord;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is special about the journal of files; the contract of all journals is tested in the testkit. */
class FileJournalTest {

    private static final String TEXT = "wanted: RUNNING\nname: Grüße\n";

    @TempDir
    private Path temporary;

    private Path directory;

    @BeforeEach
    void chooseADirectoryThatIsAbsent() {
        directory = temporary.resolve("deep/journal");
    }

    @Test
    void refusesATornRecordAndReadsTheOthers() throws Exception {
        byte[] whole = writtenRecord();
        for (int length = 0; length < whole.length; length++) {
            byte[] torn = new byte[length];
            System.arraycopy(whole, 0, torn, 0, length);
            assertDamaged(torn, "cut to " + length + " bytes");
        }
    }

    @Test
    void noticesEveryChangedByte() throws Exception {
        byte[] whole = writtenRecord();
        for (int i = 0; i < whole.length; i++) {
            for (int flipped : new int[] {0x01, 0x80}) {
                byte[] changed = whole.clone();
                changed[i] ^= (byte) flipped;
                assertDamaged(changed, "byte " + i + " ^ " + flipped);
            }
        }
    }

    @Test
    void refusesARecordOfANewerFormat() throws Exception {
        String record = new String(writtenRecord(), UTF_8);
        assertDamaged(record.replaceFirst("journal 1", "journal 2").getBytes(UTF_8), "journal 2");
        assertDamaged(record.replaceFirst("journal 1", "journal 1 zstd").getBytes(UTF_8), "a further field");
    }

    @Test
    void doesNotWriteOverADamagedRecord() throws Exception {
        byte[] torn = "torn".getBytes(UTF_8);
        writtenRecord();
        Files.write(fileOf("clusters/flights"), torn);
        try (Journal journal = FileJournal.open(directory)) {
            assertThatThrownBy(() -> journal.compareAndSet("clusters/flights", 1, "new"))
                    .isInstanceOf(JournalException.class);
            assertThatThrownBy(() -> journal.compareAndSet("clusters/flights", Journal.ABSENT, "new"))
                    .isInstanceOf(JournalException.class);
            assertThatThrownBy(() -> journal.delete("clusters/flights", 1)).isInstanceOf(JournalException.class);
        }
        assertThat(fileOf("clusters/flights")).hasBinaryContent(torn);
    }

    @Test
    void passesOverWhatAKilledWriterLeftBehind() throws Exception {
        writtenRecord();
        Files.writeString(fileOf("clusters/flights").resolveSibling("flights.record.new"), "half a rec");
        Files.writeString(fileOf("clusters/flights").resolveSibling(".flights.record123.new"), "half a rec");
        try (Journal journal = FileJournal.open(directory)) {
            assertThat(journal.list("")).containsExactly("clusters/flights", "lease");
            assertThat(journal.compareAndSet("clusters/flights", 1, "next")).isTrue();
            assertThat(journal.read("clusters/flights")).contains(new JournalRecord("clusters/flights", 2, "next"));
        }
    }

    @Test
    void refusesToBeOpenedTwiceInOneProcess() {
        try (Journal journal = FileJournal.open(directory)) {
            assertInUse(() -> FileJournal.open(directory));
            assertInUse(() -> FileJournal.open(directory.resolve("../journal")));
            assertThat(journal.list("")).isEmpty();
        }
        FileJournal.open(directory).close();
    }

    @Test
    void refusesToBeOpenedThroughALinkWhileItIsOpen() throws Exception {
        try (Journal journal = FileJournal.open(directory)) {
            Path link = Files.createSymbolicLink(temporary.resolve("link"), directory);
            assertInUse(() -> FileJournal.open(link));
            assertThat(journal.list("")).isEmpty();
        }
    }

    @Test
    void refusesToBeOpenedByAnotherProcess() throws Exception {
        try (Journal journal = FileJournal.open(directory);
                ForkedJvm other = ForkedJvm.run(OpensAJournal.class, directory.toString())) {
            assertThat(other.nextLine())
                    .startsWith(OpensAJournal.REFUSED)
                    .contains(directory.toString(), "end its process");
            assertThat(journal.list("")).isEmpty();
        }
    }

    /** A process loses its POSIX locks on a file when it closes any descriptor of the file. */
    @Test
    void staysLockedAfterASecondOpenWasRefused() throws Exception {
        try (Journal journal = FileJournal.open(directory)) {
            assertInUse(() -> FileJournal.open(directory));
            try (ForkedJvm other = ForkedJvm.run(OpensAJournal.class, directory.toString())) {
                assertThat(other.nextLine()).startsWith(OpensAJournal.REFUSED);
            }
            assertThat(journal.list("")).isEmpty();
        }
    }

    @Test
    void opensAfterItsHolderWasKilled() throws Exception {
        try (ForkedJvm holder = ForkedJvm.run(OpensAJournal.class, directory.toString())) {
            assertThat(holder.nextLine()).startsWith(OpensAJournal.OPENED);
            assertInUse(() -> FileJournal.open(directory));
            holder.kill();
        }
        FileJournal.open(directory).close();
    }

    @Test
    void saysWhatToDoWhenItsDirectoryIsAFile() throws Exception {
        Path file = Files.writeString(temporary.resolve("file"), "not a directory");
        assertThatThrownBy(() -> FileJournal.open(file))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("Name another one");
    }

    /** Writes two records and returns the file of one of them. */
    private byte[] writtenRecord() throws Exception {
        try (Journal journal = FileJournal.open(directory)) {
            assertThat(journal.compareAndSet("clusters/flights", Journal.ABSENT, TEXT))
                    .isTrue();
            assertThat(journal.compareAndSet("lease", Journal.ABSENT, "token: 1"))
                    .isTrue();
        }
        return Files.readAllBytes(fileOf("clusters/flights"));
    }

    private void assertDamaged(byte[] content, String how) throws Exception {
        Files.write(fileOf("clusters/flights"), content);
        try (Journal journal = FileJournal.open(directory)) {
            assertThatThrownBy(() -> unexpected(journal.read("clusters/flights")))
                    .as(how)
                    .isInstanceOfSatisfying(JournalException.class, damaged -> assertThat(damaged.code())
                            .isEqualTo(Code.JOURNAL))
                    .hasMessageContaining(fileOf("clusters/flights").toString())
                    .hasMessageContaining("damaged or of a newer version");
            assertThat(journal.read("lease").map(JournalRecord::text)).contains("token: 1");
        }
    }

    private static void unexpected(Optional<JournalRecord> record) {
        throw new AssertionError("read " + record);
    }

    private Path fileOf(String key) {
        return directory.resolve(key + ".record");
    }

    private static void assertInUse(ThrowingCallable opening) {
        assertThatThrownBy(opening)
                .isInstanceOfSatisfying(JournalException.class, refused -> assertThat(refused.code())
                        .isEqualTo(Code.CONFLICT))
                .hasMessageContaining("Close the other ManagedFlink");
    }
}
