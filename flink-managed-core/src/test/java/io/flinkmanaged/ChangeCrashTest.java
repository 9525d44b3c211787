package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.event.ClusterEvent.JobSubmitted;
import io.flinkmanaged.spec.StateBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that dies in the middle of a change leaves one of the two specs in force, and jobs that continue under it. */
@Tag("slow")
class ChangeCrashTest {

    @TempDir
    Path journal;

    @TempDir
    Path storage;

    @TempDir
    Path output;

    @TempDir
    Path logs;

    private final Diary diary = new Diary();

    @Test
    void continuesUnderTheFormerOrTheOtherSpecFromTheSavepointOfTheChange() throws Exception {
        assertThat(die("before")).as("in %s", logs).isEqualTo(ChangingProgram.DIED);
        // The former spec is in force: the same change again, and this time the other one is.
        assertThat(die("after")).as(Files.readString(logs.resolve("after"))).isEqualTo(ChangingProgram.DIED);

        try (ManagedFlink flink = ManagedFlink.configure()
                        .journal(journal)
                        .listener(diary)
                        .inProcess();
                ManagedCluster cluster = flink.operate(ChangingProgram.spec(storage))) {
            assertThat(cluster.spec().stateBackend()).isEqualTo(StateBackend.ROCKSDB);
            await().atMost(PATIENCE)
                    .until(() -> cluster.job(ChangingProgram.JOB).isPresent());
            ManagedJob job = cluster.job(ChangingProgram.JOB).orElseThrow();
            job.awaitFinished(PATIENCE);
            assertThat(job.attemptId()).hasToString("epoch-3-attempt-1");
            assertThat(diary.of(JobSubmitted.class)).singleElement().satisfies(event -> assertThat(
                            event.startingPoint())
                    .get()
                    .asString()
                    .contains("/epoch-2-attempt-1/savepoints/"));
        }
        String target = Long.toString(ChangingProgram.NUMBERS / Counting.KEYS);
        assertThat(Counting.files(output)).isEqualTo(Map.of("0", target, "1", target, "2", target, "3", target));
    }

    private int die(String when) throws Exception {
        return ChangingProgram.run(logs.resolve(when), journal.toString(), storage.toString(), output.toString(), when);
    }
}
