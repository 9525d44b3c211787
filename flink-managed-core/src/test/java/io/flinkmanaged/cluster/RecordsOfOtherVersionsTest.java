package io.flinkmanaged.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.journal.InMemoryJournal;
import io.flinkmanaged.journal.Journal;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.StorageLocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the journal knows of clusters, written by a newer version of this library, or damaged. */
class RecordsOfOtherVersionsTest {

    private static final ClusterName FLIGHTS = new ClusterName("flights");
    private static final StorageLocation STORAGE = StorageLocation.at("file:///state");
    private static final String OF_CLUSTER = "clusters/flights";
    private static final String OF_EPOCHS = KnownEpochs.keyOf(FLIGHTS, STORAGE);

    private final Journal journal = new InMemoryJournal();
    private final WantedClusters wanted = new WantedClusters(journal);
    private final KnownEpochs known = new KnownEpochs(journal);

    @Test
    void aSpecOfANewerVersionIsNotReadAsOneOfOurs() {
        write(OF_CLUSTER, "format: 2\nwanted: RUNNING\nspec: anything\n");
        assertThatThrownBy(() -> wanted.find(FLIGHTS))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("journal record clusters/flights: format 2 (expected: format 1). Another version of this "
                        + "library wrote it; use that version.");
    }

    @Test
    void aWishThatOnlyANewerVersionKnowsIsNotTakenForAnother() {
        write(OF_CLUSTER, "format: 1\nwanted: SUSPENDED\nspec: anything\n");
        assertThatThrownBy(() -> wanted.find(FLIGHTS))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("clusters/flights: SUSPENDED (expected: RUNNING or TERMINATED)")
                .hasMessageContaining("use that one");
    }

    @Test
    void anEpochOfANewerVersionIsNotReadAsOneOfOurs() {
        write(OF_EPOCHS, "format: 2\nepoch: 7\n");
        assertThatThrownBy(() -> known.find(FLIGHTS, STORAGE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("journal record " + OF_EPOCHS + ": format 2 (expected: format 1). Another version of this "
                        + "library wrote it; use that version.");
    }

    /** The journal of a cluster whose spec was written down, and torn. */
    @ParameterizedTest
    @ValueSource(strings = {"", "form", "format: 1\nwanted: RUN", "format: 1\nwanted: RUNNING\nspec: \"na", "- a\n"})
    void aTornRecordIsNamed(String torn) {
        wanted.want(ClusterSpec.named("flights").build());
        assertThat(wanted.find(FLIGHTS)).isPresent();
        assertThat(journal.compareAndSet(OF_CLUSTER, 1, torn)).isTrue();
        write(OF_EPOCHS, torn);
        assertThatThrownBy(() -> wanted.find(FLIGHTS))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("journal record clusters/flights");
        assertThatThrownBy(() -> known.find(FLIGHTS, STORAGE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("journal record " + OF_EPOCHS);
    }

    private void write(String key, String text) {
        assertThat(journal.compareAndSet(key, Journal.ABSENT, text)).isTrue();
    }
}
