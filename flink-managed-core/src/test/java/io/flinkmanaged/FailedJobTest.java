package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.cluster.FailedJob;
import io.flinkmanaged.event.ClusterEvent.JobBegunAgain;
import io.flinkmanaged.event.ClusterEvent.JobEnded;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.RestartStrategy;
import io.flinkmanaged.supervise.Decision;
import io.flinkmanaged.supervise.FailoverPolicy;
import io.flinkmanaged.supervise.Situation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose restart strategy gives up at the first failure. */
class FailedJobTest {

    @TempDir
    private Path storage;

    @TempDir
    private Path temporary;

    private final Diary diary = new Diary();

    @BeforeEach
    void bePatient() {
        Awaitility.setDefaultTimeout(PATIENCE);
    }

    @Test
    void isBegunAgainFromItsNewestCheckpointIfThePolicySaysSoAndElseFails() throws IOException {
        Path poison = temporary.resolve("poison");
        ClusterSpec spec = TestClusters.spec("fragile", storage).toBuilder()
                .restartStrategy(new RestartStrategy.None())
                .build();
        try (ManagedFlink flink = ManagedFlink.configure()
                        .listener(diary)
                        .failoverPolicy(new OneCure(poison))
                        .inProcess();
                ManagedCluster cluster = flink.launch(spec)) {
            ManagedJob job = cluster.submit("parse", environment -> Parsing.define(environment, poison));
            await().until(() -> job.progress().completedCheckpoints() >= 2);

            Files.createFile(poison);
            await().until(() -> !diary.of(JobBegunAgain.class).isEmpty());
            await().until(() -> job.startingPoint().isPresent());
            assertThat(job.startingPoint()).get().asString().contains("/epoch-1-attempt-1/checkpoints/");
            cluster.awaitHealthy(PATIENCE);
            assertThat(diary.of(JobEnded.class)).isEmpty();
            await().untilAsserted(() -> assertThat(cluster.incidents())
                    .singleElement()
                    .satisfies(incident -> assertThat(incident.cause()).contains("given up by Flink", "is bad")));

            Files.createFile(poison);
            assertThatThrownBy(() -> job.awaitFinished(PATIENCE))
                    .isInstanceOf(JobFailedException.class)
                    .hasStackTraceContaining("is bad");
            assertThat(diary.of(JobBegunAgain.class)).hasSize(1);
            await().untilAsserted(() -> assertThat(diary.of(JobEnded.class))
                    .singleElement()
                    .satisfies(end -> assertThat(end.status()).isEqualTo("FAILED")));
        }
    }

    /** Has a job begun again once, when it has taken away what made it fail. */
    private static final class OneCure implements FailoverPolicy {

        private final Path poison;

        OneCure(Path poison) {
            this.poison = poison;
        }

        @Override
        public Decision decide(Situation situation) {
            return FailoverPolicy.standard().decide(situation);
        }

        @Override
        public Optional<Duration> beginAgainAfter(FailedJob failed) {
            if (failed.failuresWithin(Duration.ofHours(1)) > 1) {
                return Optional.empty();
            }
            try {
                Files.delete(poison);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Optional.of(Duration.ZERO);
        }
    }
}
