package io.flinkmanaged.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.config.Policies;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.job.UserJars;
import io.flinkmanaged.journal.InMemoryJournal;
import io.flinkmanaged.launch.ScriptedLauncher;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.storage.file.FileStorage;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterRecordTest {

    private static final ClusterName FLIGHTS = new ClusterName("flights");

    @TempDir
    private Path root;

    private StateStorage storage;
    private ClusterRecord record;

    @BeforeEach
    void openStorage() {
        storage = StorageProviders.onClassPath().open(FileStorage.at(root));
        record = new ClusterRecord(storage, FLIGHTS);
    }

    @AfterEach
    void closeStorage() {
        storage.close();
    }

    @Test
    void keepsTheWholeSpec() {
        record.keep(spec());
        assertThat(record.read()).isEqualTo(spec());
    }

    @Test
    void leavesOutWhatReachesTheStorageAndTakesWhatReachesItNow() throws Exception {
        StorageLocation reached = new StorageLocation(
                URI.create("s3://state/of-flights"), new TreeMap<>(Map.of("endpoint", "http://CANARY")));
        record.keep(spec().toBuilder()
                .checkpoints(spec().checkpoints().orElseThrow().to(reached))
                .build());
        assertThat(Files.readString(root.resolve("flights/cluster.yaml")))
                .doesNotContain("CANARY")
                .contains("s3://state/of-flights");
        assertThat(record.read()).isEqualTo(spec());
    }

    @Test
    void isRefusedIfItIsAnotherClusters() throws Exception {
        record.keep(spec());
        Files.createDirectories(root.resolve("trains"));
        Files.copy(root.resolve("flights/cluster.yaml"), root.resolve("trains/cluster.yaml"));
        ClusterRecord copied = new ClusterRecord(storage, new ClusterName("trains"));
        assertThatThrownBy(copied::read)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("trains/cluster.yaml: of cluster flights (expected: of cluster trains)");
    }

    @Test
    void isRefusedInAJournalIfItIsAnotherClusters() {
        InMemoryJournal journal = new InMemoryJournal();
        WantedClusters wanted = new WantedClusters(journal);
        wanted.want(spec());
        String text = journal.read("clusters/flights").orElseThrow().text();
        assertThat(journal.compareAndSet("clusters/trains", InMemoryJournal.ABSENT, text))
                .isTrue();
        assertThatThrownBy(() -> wanted.find(new ClusterName("trains")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(
                        "journal record clusters/trains: of cluster flights (expected: of cluster trains)");
    }

    @Test
    void isWrittenWithTheFirstEpochAndWithEveryChangeOfTheSpec() {
        ManualTime time = new ManualTime();
        Cluster cluster = new Cluster(
                spec(),
                storage,
                new ClusterServices(
                        time,
                        time.blocking(),
                        event -> {},
                        new ScriptedLauncher(),
                        new UserJars(root.resolve("work")),
                        root.resolve("work"),
                        Policies.NONE,
                        new KnownEpochs(new InMemoryJournal()),
                        () -> {}),
                false);
        cluster.beginEpoch();
        assertThat(record.read().taskSlots()).isEqualTo(2);
        cluster.adopt(spec().toBuilder().taskSlots(3).build());
        assertThat(record.read().taskSlots()).isEqualTo(3);
    }

    @Test
    void isNotReadIfANewerVersionWroteIt() {
        storage.write("flights/cluster.yaml", "format: 2\nspec: another\n");
        assertThatThrownBy(record::read)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cluster.yaml")
                .hasMessageContaining("2");
    }

    @Test
    void namesTheClustersThatAreThereInstead() {
        record.keep(spec());
        storage.write("not-a-cluster/file", "any");
        assertThatThrownBy(() -> new ClusterRecord(storage, new ClusterName("flight")).read())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("flight/cluster.yaml: absent")
                .hasMessageContaining("clusters here: [flights]");
    }

    private ClusterSpec spec() {
        return ClusterSpec.named("flights")
                .plan(Plans.TINY)
                .taskSlots(2)
                .stateBackend(StateBackend.ROCKSDB)
                .override("web.submit.enable", "true")
                .checkpoints(Checkpointing.every(Duration.ofSeconds(3)).to(FileStorage.at(root)))
                .build();
    }
}
