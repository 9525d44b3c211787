package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.change.Acknowledgement;
import io.flinkmanaged.change.ChangeReport;
import io.flinkmanaged.change.ClusterChange;
import io.flinkmanaged.change.StateCarriage;
import io.flinkmanaged.config.Disruption;
import io.flinkmanaged.event.ClusterEvent.ChangeApplied;
import io.flinkmanaged.event.ClusterEvent.ChangeFailed;
import io.flinkmanaged.event.ClusterEvent.JobEnded;
import io.flinkmanaged.journal.InMemoryJournal;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.storage.file.FileStorage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a preview says is what applying it does, with a job running all the while whose sums stay exact. */
class ApplyChangeTest {

    @TempDir
    Path storage;

    private final Diary diary = new Diary();

    @Test
    void appliesAChangeOfEveryClassAsPredictedWithExactSums() throws Exception {
        try (ManagedFlink flink = ManagedFlink.configure().listener(diary).inProcess();
                ManagedCluster cluster = flink.launch(TestClusters.spec("changing", storage))) {
            ManagedJob job = cluster.submit("sums", environment -> Counting.define(environment, "changing", 5000, 400));
            job.awaitRunning(PATIENCE);

            ChangeReport none = apply(cluster, spec -> spec.override("parallelism.default", "2"));
            assertThat(none.change().disruption()).isEqualTo(Disruption.NONE);
            assertThat(job.attemptId()).hasToString("epoch-1-attempt-1");

            ChangeReport jobs = apply(cluster, spec -> spec.checkpoints(checkpoints(Duration.ofMillis(50))));
            assertThat(jobs.change().disruption()).isEqualTo(Disruption.JOBS);
            assertThat(jobs.change().state()).isEqualTo(StateCarriage.CHECKPOINT);
            assertThat(job.attemptId()).hasToString("epoch-1-attempt-2");
            assertThat(job.startingPoint()).get().asString().contains("/epoch-1-attempt-1/checkpoints/");
            assertThat(checkpointsConfig(cluster, job)).contains("\"interval\":50,");

            ChangeReport backend =
                    apply(cluster, spec -> spec.stateBackend(StateBackend.ROCKSDB), Acknowledgement.DOWNTIME);
            assertThat(backend.change().state()).isEqualTo(StateCarriage.SAVEPOINT);
            assertThat(job.startingPoint()).get().asString().contains("/savepoints/savepoint-");
            assertThat(checkpointsConfig(cluster, job)).contains("RocksDB");

            ChangeReport timers =
                    apply(cluster, spec -> spec.override("state.backend.rocksdb.timer-service.factory", "HEAP"));
            assertThat(timers.change().disruption()).isEqualTo(Disruption.JOBS);
            assertThat(timers.change().state()).isEqualTo(StateCarriage.SAVEPOINT);
            assertThat(timers.epochAfter()).isEqualTo(backend.epochAfter());

            ChangeReport slots = apply(cluster, spec -> spec.taskSlots(3), Acknowledgement.DOWNTIME);
            assertThat(slots.change().disruption()).isEqualTo(Disruption.RESTART);
            assertThat(slots.change().state()).isEqualTo(StateCarriage.CHECKPOINT);
            assertThat(slots.epochAfter()).isEqualTo(timers.epochAfter() + 1);

            ChangeReport out = apply(cluster, spec -> spec.plan(Plans.THREE_NODE_4GB), Acknowledgement.DOWNTIME);
            assertThat(out.epochAfter()).isEqualTo(slots.epochAfter() + 1);
            assertThat(cluster.observe().taskManagers()).hasSize(3);

            ChangeReport back = apply(
                    cluster,
                    spec -> spec.plan(Plans.TINY).stateBackend(StateBackend.HASHMAP),
                    Acknowledgement.DOWNTIME,
                    Acknowledgement.LESS_MEMORY,
                    Acknowledgement.TOO_FEW_SLOTS);
            assertThat(back.change().state()).isEqualTo(StateCarriage.SAVEPOINT);
            assertThat(job.startingPoint()).get().asString().contains("/savepoints/savepoint-");

            assertThat(diary.of(JobEnded.class)).isEmpty();
            job.awaitFinished(PATIENCE);
            assertThat(Counting.counts("changing")).isEqualTo(Counting.expected(5000));
            await().until(() -> diary.of(ChangeApplied.class).size() == 7);
            assertThat(diary.of(ChangeFailed.class)).isEmpty();
        }
    }

    @Test
    void refusesWhatIsNotAcknowledgedOrNotSoAnyMoreAndGoesBackFromWhatCannotStart() {
        InMemoryJournal journal = new InMemoryJournal();
        ClusterSpec spec = TestClusters.spec("moving", storage);
        try (ManagedFlink flink = ManagedFlink.configure()
                        .journal(journal)
                        .listener(diary)
                        .inProcess();
                ManagedCluster cluster = flink.operate(spec)) {
            cluster.awaitHealthy(PATIENCE);
            ClusterChange change = cluster.preview(spec.toBuilder().taskSlots(4).build());
            assertThatThrownBy(() -> cluster.apply(change))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("apply(change, Acknowledgement.DOWNTIME)");

            ManagedJob job = cluster.submit("sums", environment -> Counting.define(environment, "moving", 2000, 500));
            job.awaitRunning(PATIENCE);
            assertThatThrownBy(() -> cluster.apply(change, Acknowledgement.DOWNTIME))
                    .isInstanceOfSatisfying(ManagedFlinkException.class, refused -> assertThat(refused.code())
                            .isEqualTo(Code.CONFLICT))
                    .hasMessageContaining("its jobs: was {}, is {sums=epoch-1-attempt-1}");
            assertThat(cluster.epoch()).isEqualTo(1);
            assertThat(cluster.spec()).isEqualTo(spec);

            // An address of another machine: nobody can tell before it is tried.
            ClusterChange broken = cluster.preview(
                    spec.toBuilder().override("rest.bind-address", "192.0.2.1").build());
            assertThatThrownBy(() -> cluster.apply(broken, Acknowledgement.DOWNTIME))
                    .isInstanceOf(ManagedFlinkException.class)
                    .hasMessageContaining("goes back to the spec before");
            assertThat(cluster.spec()).isEqualTo(spec);
            await().until(() -> diary.of(ChangeFailed.class).size() == 1);

            ChangeReport applied =
                    apply(cluster, builder -> builder.override("heartbeat.timeout", "40 s"), Acknowledgement.DOWNTIME);
            assertThat(applied.restarts().jobs()).containsExactly("sums");
            job.awaitFinished(PATIENCE);
            assertThat(Counting.counts("moving")).isEqualTo(Counting.expected(2000));
        }
        try (ManagedFlink next = ManagedFlink.configure().journal(journal).inProcess();
                ManagedCluster cluster = next.operate(spec)) {
            assertThat(cluster.spec().overrides()).containsEntry("heartbeat.timeout", "40 s");
        }
    }

    private ChangeReport apply(
            ManagedCluster cluster, UnaryOperator<ClusterSpec.Builder> edit, Acknowledgement... acknowledged) {
        Optional<ManagedJob> job = cluster.job("sums");
        long before = job.map(one -> one.progress().completedCheckpoints()).orElse(0L);
        job.ifPresent(one -> await().atMost(PATIENCE).until(() -> one.progress().completedCheckpoints() > before));
        ClusterChange change =
                cluster.preview(edit.apply(cluster.spec().toBuilder()).build());
        ChangeReport report = cluster.apply(change, acknowledged);
        assertThat(report.isAsPredicted()).as(change + "\n" + report).isTrue();
        assertThat(cluster.spec()).isEqualTo(change.spec());
        return report;
    }

    private Checkpointing checkpoints(Duration interval) {
        return Checkpointing.every(interval).to(FileStorage.at(storage));
    }

    /** What Flink itself says of a job. */
    private static String checkpointsConfig(ManagedCluster cluster, ManagedJob job) throws Exception {
        URI address = cluster.webUi().resolve("/jobs/" + job.jobId() + "/checkpoints/config");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
