package io.flinkmanaged.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.journal.Journal;
import io.flinkmanaged.journal.JournalException;
import io.flinkmanaged.journal.JournalRecord;
import io.flinkmanaged.model.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Journal} promises. The test of an implementation extends this class, or {@link
 * DurableJournalContract} if its records outlive the object.
 */
public abstract class JournalContract {

    private static final int RACERS = 8;
    private static final int MOST_BYTES = 1 << 20;

    private Journal journal;

    /** For the implementation's test. */
    protected JournalContract() {}

    /**
     * Opens the journal of the running test. It is empty at the first call; the suite closes one before it opens the
     * next.
     */
    protected abstract Journal open();

    @BeforeEach
    void openJournal() {
        journal = open();
    }

    @AfterEach
    void closeJournal() {
        journal.close();
    }

    /** Returns the journal of the running test. */
    final Journal journal() {
        return journal;
    }

    /** Lets go of the journal and opens it again. */
    final void reopen() {
        journal.close();
        journal = open();
    }

    @Test
    void knowsNothingAtFirst() {
        assertThat(journal.read("clusters/flights")).isEmpty();
        assertThat(journal.list("")).isEmpty();
    }

    @Test
    void readsBackWhatWasWritten() {
        for (String text : List.of("", "one", "two\nlines\n", "\r\n\ttabs", "Grüße 東京 🚀", "key: \"value\"\n---\n")) {
            long version = versionOf("record");
            assertThat(journal.compareAndSet("record", version, text)).isTrue();
            assertThat(journal.read("record")).contains(new JournalRecord("record", version + 1, text));
        }
    }

    @Test
    void keepsRecordsApartWhateverTheyAreCalled() {
        List<String> keys = List.of(
                "a",
                "a.record",
                "a.record.record",
                "a.record.record/b",
                "a.record/b",
                "a.record/b.record",
                "a.record/b.record/c",
                "a/b",
                "a/b/c");
        for (String key : keys) {
            assertThat(journal.compareAndSet(key, Journal.ABSENT, key)).as(key).isTrue();
        }
        assertThat(journal.list("")).containsExactlyElementsOf(keys);
        for (String key : keys) {
            assertThat(journal.read(key)).contains(new JournalRecord(key, 1, key));
            assertThat(journal.delete(key, 1)).as(key).isTrue();
        }
        assertThat(journal.list("")).isEmpty();
    }

    @Test
    void countsTheWritesOfARecordFromOne() {
        assertThat(journal.compareAndSet("record", Journal.ABSENT, "a")).isTrue();
        assertThat(journal.read("record").map(JournalRecord::version)).contains(1L);
        assertThat(journal.compareAndSet("record", 1, "b")).isTrue();
        assertThat(journal.read("record").map(JournalRecord::version)).contains(2L);
    }

    @Test
    void refusesAWriteThatExpectsAnotherVersion() {
        write("record", "a");
        write("record", "b");
        for (long stale : new long[] {Journal.ABSENT, 1, 3, -1, Long.MAX_VALUE}) {
            assertThat(journal.compareAndSet("record", stale, "stale")).isFalse();
        }
        assertThat(journal.compareAndSet("absent", 1, "stale")).isFalse();
        assertThat(journal.read("record")).contains(new JournalRecord("record", 2, "b"));
        assertThat(journal.read("absent")).isEmpty();
    }

    @Test
    void deletesOnlyTheVersionThatWasRead() {
        write("record", "a");
        write("record", "b");
        assertThat(journal.delete("record", 1)).isFalse();
        assertThat(journal.read("record")).isPresent();
        assertThat(journal.delete("record", 2)).isTrue();
        assertThat(journal.read("record")).isEmpty();
        assertThat(journal.list("")).isEmpty();
    }

    @Test
    void deletesNothingThatIsAbsent() {
        assertThat(journal.delete("record", Journal.ABSENT)).isFalse();
        assertThat(journal.delete("record", 1)).isFalse();
    }

    @Test
    void createsADeletedRecordAnew() {
        write("record", "a");
        write("record", "b");
        assertThat(journal.delete("record", 2)).isTrue();
        assertThat(journal.compareAndSet("record", Journal.ABSENT, "c")).isTrue();
        assertThat(journal.read("record")).contains(new JournalRecord("record", 1, "c"));
    }

    @Test
    void listsNamesInOrderByTheirBeginning() {
        for (String key : List.of("lease", "clusters/b", "clusters", "clusters/a", "clusters/a/jobs", "clusters-old")) {
            write(key, "any");
        }
        assertThat(journal.list(""))
                .containsExactly("clusters", "clusters-old", "clusters/a", "clusters/a/jobs", "clusters/b", "lease");
        assertThat(journal.list("clusters/")).containsExactly("clusters/a", "clusters/a/jobs", "clusters/b");
        assertThat(journal.list("clusters/a")).containsExactly("clusters/a", "clusters/a/jobs");
        assertThat(journal.list("nothing")).isEmpty();
    }

    @Test
    void keepsARecordApartFromThoseBelowItsName() {
        write("a", "upper");
        write("a/b", "lower");
        assertThat(journal.delete("a", 1)).isTrue();
        assertThat(journal.read("a/b").map(JournalRecord::text)).contains("lower");
    }

    @Test
    void refusesNamesOfAnotherForm() {
        for (String key : List.of(
                "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", ".hidden", "a/.b", "A", "a b", "ä", "a\n",
                "a:b", "a%b", "a\\b")) {
            assertThatThrownBy(() -> journal.read(key)).as(key).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> journal.compareAndSet(key, Journal.ABSENT, "x"))
                    .as(key)
                    .isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> journal.delete(key, 1)).as(key).isInstanceOf(InvalidInputException.class);
        }
        assertThat(journal.list("")).isEmpty();
    }

    @Test
    void takesARecordOfOneMebibyte() {
        String big = "ä".repeat(MOST_BYTES / 2);
        write("record", big);
        assertThat(journal.read("record").map(JournalRecord::text)).contains(big);
    }

    @Test
    void refusesALargerRecordAndKeepsTheFormerOne() {
        String tooBig = "ä".repeat(MOST_BYTES / 2) + "x";
        assertThat(tooBig.getBytes(StandardCharsets.UTF_8)).hasSize(MOST_BYTES + 1);
        write("record", "former");
        assertThatThrownBy(() -> journal.compareAndSet("record", 1, tooBig))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("record")
                .hasMessageContaining("1 MiB");
        assertThat(journal.read("record")).contains(new JournalRecord("record", 1, "former"));
    }

    @Test
    void letsOneOfManyWritersCreateARecord() throws Exception {
        for (int round = 0; round < 5; round++) {
            String key = "round-" + round;
            List<Boolean> won = Race.of(RACERS, number -> journal.compareAndSet(key, Journal.ABSENT, "by " + number));
            assertThat(won).containsOnlyOnce(true);
            assertThat(journal.read(key)).contains(new JournalRecord(key, 1, "by " + won.indexOf(true)));
        }
    }

    @Test
    void letsOneOfManyWritersReplaceAVersion() throws Exception {
        write("record", "first");
        for (int round = 1; round <= 5; round++) {
            long version = round;
            List<Boolean> won = Race.of(RACERS, number -> journal.compareAndSet("record", version, "by " + number));
            assertThat(won).containsOnlyOnce(true);
            assertThat(journal.read("record"))
                    .contains(new JournalRecord("record", version + 1, "by " + won.indexOf(true)));
        }
    }

    @Test
    void letsOneOfManyDeleteAVersion() throws Exception {
        for (int round = 0; round < 5; round++) {
            write("record", "any");
            assertThat(Race.of(RACERS, number -> journal.delete("record", 1))).containsOnlyOnce(true);
        }
    }

    @Test
    void losesNoUpdateOfConcurrentWriters() throws Exception {
        int each = 10;
        write("counter", "0");
        List<Integer> unused = Race.of(4, number -> {
            for (int done = 0; done < each; done++) {
                increment("counter");
            }
            return each;
        });
        assertThat(journal.read("counter"))
                .contains(new JournalRecord("counter", 4 * each + 1, Integer.toString(4 * each)));
    }

    @Test
    void neverShowsAPartOfARecord() throws Exception {
        write("record", "0".repeat(50_000));
        Race.during(
                () -> {
                    for (int i = 1; i <= 30; i++) {
                        write("record", Integer.toString(i % 10).repeat(50_000));
                    }
                    return true;
                },
                () -> {
                    JournalRecord seen = journal.read("record").orElseThrow();
                    assertThat(seen.text()).hasSize(50_000);
                    assertThat(seen.text().chars().distinct().count()).isEqualTo(1);
                });
    }

    @Test
    void listsWhileOthersWriteAndDelete() throws Exception {
        write("stays", "any");
        Race.during(
                () -> {
                    for (int i = 0; i < 30; i++) {
                        write("comes/and-goes", "any");
                        write("comes/and-goes", "again");
                        assertThat(journal.delete("comes/and-goes", 2)).isTrue();
                    }
                    return true;
                },
                () -> assertThat(journal.list("")).contains("stays").isSubsetOf("stays", "comes/and-goes"));
    }

    @Test
    void closesAnyNumberOfTimes() {
        journal.close();
        journal.close();
    }

    /** Writes a record whatever is there, as the only writer. */
    final void write(String key, String text) {
        assertThat(journal.compareAndSet(key, versionOf(key), text)).isTrue();
    }

    private void increment(String key) {
        boolean written = false;
        while (!written) {
            JournalRecord seen = journal.read(key).orElseThrow();
            written = journal.compareAndSet(key, seen.version(), Integer.toString(Integer.parseInt(seen.text()) + 1));
        }
    }

    private long versionOf(String key) {
        return journal.read(key).map(JournalRecord::version).orElse(Journal.ABSENT);
    }
}
