package io.flinkmanaged.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.journal.Journal;
import io.flinkmanaged.journal.JournalRecord;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a {@link Journal} promises whose records outlive the object that wrote them. */
public abstract class DurableJournalContract extends JournalContract {

    /** For the implementation's test. */
    protected DurableJournalContract() {}

    @Test
    void keepsRecordsAndVersionsWhenItIsOpenedAgain() {
        List<String> keys =
                IntStream.range(0, 5).mapToObj(i -> "clusters/c-" + i).sorted().toList();
        keys.forEach(key -> write(key, "first of " + key));
        keys.forEach(key -> write(key, "second of " + key));
        reopen();
        assertThat(journal().list("")).isEqualTo(keys);
        for (String key : keys) {
            assertThat(journal().read(key)).contains(new JournalRecord(key, 2, "second of " + key));
            assertThat(journal().compareAndSet(key, 1, "stale")).isFalse();
            assertThat(journal().compareAndSet(key, 2, "third")).isTrue();
        }
    }

    @Test
    void forgetsADeletedRecordForEver() {
        write("record", "any");
        assertThat(journal().delete("record", 1)).isTrue();
        reopen();
        assertThat(journal().read("record")).isEmpty();
        assertThat(journal().list("")).isEmpty();
    }

    @Test
    void refusesToBeUsedWhenItIsClosed() {
        write("record", "any");
        Journal closed = journal();
        reopen();
        assertRefused(() -> closed.read("record"));
        assertRefused(() -> closed.list(""));
        assertRefused(() -> closed.compareAndSet("record", 1, "late"));
        assertRefused(() -> closed.delete("record", 1));
        assertThat(journal().read("record")).contains(new JournalRecord("record", 1, "any"));
    }

    private static void assertRefused(Runnable use) {
        assertThatThrownBy(use::run)
                .isInstanceOfSatisfying(ManagedFlinkException.class, refused -> assertThat(refused.code())
                        .isEqualTo(Code.CLOSED));
    }
}
