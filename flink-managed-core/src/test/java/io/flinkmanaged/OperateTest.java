package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.cluster.KnownEpochs;
import io.flinkmanaged.cluster.WantedClusters;
import io.flinkmanaged.event.ClusterEvent.JobSubmitted;
import io.flinkmanaged.event.ClusterEvent.SpecDiffers;
import io.flinkmanaged.journal.InMemoryJournal;
import io.flinkmanaged.journal.JournalException;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that is operated outlives the process that operates it. */
class OperateTest {

    @TempDir
    Path storage;

    @TempDir
    Path journal;

    @TempDir
    Path output;

    @TempDir
    Path work;

    private final Diary diary = new Diary();

    @Test
    void continuesTheJobOfAnEmbedderThatWasKilled() throws Exception {
        Process embedder = EmbedderProgram.start(journal, storage, output, work);
        try {
            EmbedderProgram.awaitRunning(embedder);
            await().atMost(PATIENCE).until(() -> EmbedderProgram.completedCheckpoints(storage) >= 2);
            assertThatThrownBy(() -> ManagedFlink.configure().journal(journal).inProcess())
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("not open elsewhere");
        } finally {
            EmbedderProgram.kill(embedder);
        }

        try (ManagedFlink flink = ManagedFlink.configure()
                        .journal(journal)
                        .listener(diary)
                        .inProcess();
                ManagedCluster cluster = flink.operate(EmbedderProgram.spec(storage))) {
            await().atMost(PATIENCE)
                    .until(() -> cluster.job(EmbedderProgram.JOB).isPresent());
            ManagedJob job = cluster.job(EmbedderProgram.JOB).orElseThrow();
            job.awaitFinished(PATIENCE);

            assertThat(job.attemptId()).hasToString("epoch-2-attempt-1");
            assertThat(diary.of(JobSubmitted.class))
                    .singleElement()
                    .satisfies(event ->
                            assertThat(event.startingPoint()).get().asString().contains("epoch-1-attempt-1"));
        }
        String target = Long.toString(EmbedderProgram.NUMBERS / Counting.KEYS);
        assertThat(Counting.files(output)).isEqualTo(Map.of("0", target, "1", target, "2", target, "3", target));
    }

    @Test
    void continuesAfterAnOrderlyRestartOfTheEmbedderAndEndsWhenTerminated() {
        ClusterSpec spec = TestClusters.spec("restarted", storage);
        try (ManagedFlink flink = ManagedFlink.configure().journal(journal).inProcess()) {
            ManagedCluster cluster = flink.operate(spec);
            cluster.awaitHealthy(PATIENCE);
            ManagedJob job = cluster.submit("goes on", environment -> Counting.define(environment, "on", 90_000, 300));
            await().until(() -> job.progress().completedCheckpoints() >= 1);
        }
        try (ManagedFlink flink =
                ManagedFlink.configure().journal(journal).listener(diary).inProcess()) {
            ManagedCluster cluster = flink.operate(spec.toBuilder().taskSlots(4).build());
            cluster.awaitHealthy(PATIENCE);
            assertThat(cluster.spec()).isEqualTo(spec);
            await().untilAsserted(() -> assertThat(diary.of(SpecDiffers.class))
                    .singleElement()
                    .satisfies(event -> assertThat(event.differences()).isEqualTo("taskSlots: 2 → 4")));
            ManagedJob job = cluster.job("goes on").orElseThrow();
            job.awaitRunning(PATIENCE);
            assertThat(job.startingPoint()).isPresent();
            cluster.terminate();
        }
        try (ManagedFlink flink = ManagedFlink.configure().journal(journal).inProcess()) {
            ManagedCluster cluster = flink.operate(spec);
            cluster.awaitHealthy(PATIENCE);
            assertThat(cluster.jobs()).isEmpty();
            assertThat(cluster.epoch()).isEqualTo(3);
            cluster.terminate();
        }
    }

    @Test
    void finishesATerminationInWhoseMiddleAProcessDied() {
        ClusterSpec spec = TestClusters.spec("half-ended", storage);
        InMemoryJournal shared = new InMemoryJournal();
        try (ManagedFlink flink = ManagedFlink.configure().journal(shared).inProcess()) {
            ManagedCluster cluster = flink.operate(spec);
            cluster.awaitHealthy(PATIENCE);
            ManagedJob unused =
                    cluster.submit("ends", environment -> Counting.define(environment, "ends", 90_000, 300));
        }
        new WantedClusters(shared).terminate(spec);
        try (ManagedFlink flink = ManagedFlink.configure().journal(shared).inProcess()) {
            ManagedCluster cluster = flink.operate(spec);
            cluster.awaitHealthy(PATIENCE);
            assertThat(cluster.jobs()).isEmpty();
            assertThat(new WantedClusters(shared).find(new ClusterName("half-ended")))
                    .hasValueSatisfying(
                            wanted -> assertThat(wanted.isTerminated()).isFalse());
            cluster.terminate();
        }
        assertThat(shared.list("clusters/")).isEmpty();
    }

    /** The directory is not mounted, say; whoever started from that would forget every job. */
    @Test
    void refusesAStorageThatShowsLessThanTheJournalKnows() {
        ClusterSpec spec = TestClusters.spec("vanished", storage);
        InMemoryJournal shared = new InMemoryJournal();
        new KnownEpochs(shared).note(new ClusterName("vanished"), FileStorage.at(storage), new Epoch(3));
        try (ManagedFlink flink = ManagedFlink.configure().journal(shared).inProcess()) {
            for (Function<ClusterSpec, ManagedCluster> start :
                    List.<Function<ClusterSpec, ManagedCluster>>of(flink::operate, flink::launch)) {
                assertThatThrownBy(() -> start.apply(spec))
                        .isInstanceOf(StorageException.class)
                        .hasMessageContaining("shows no epoch (expected: epoch-3, which the journal knows)");
            }
            assertThat(flink.cluster("vanished")).isEmpty();
        }
        assertThat(storage).isEmptyDirectory();
    }

    @Test
    void refusesAJournalThatAnotherInstanceHolds() {
        InMemoryJournal shared = new InMemoryJournal();
        try (ManagedFlink holder = ManagedFlink.configure().journal(shared).inProcess()) {
            assertThatThrownBy(() -> ManagedFlink.configure().journal(shared).inProcess())
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("journal lease: held by pid");
            assertThat(holder.cluster("none")).isEmpty();
        }
        ManagedFlink.configure().journal(shared).inProcess().close();
    }
}
