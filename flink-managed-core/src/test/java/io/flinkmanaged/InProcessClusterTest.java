package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.config.Layer;
import io.flinkmanaged.event.ClusterEvent.JobEnded;
import io.flinkmanaged.job.StartingPoint;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.supervise.Health;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user does with one healthy cluster, and what he does wrong with it. */
class InProcessClusterTest {

    private static final Diary DIARY = new Diary();

    @TempDir
    static Path storage;

    private static ManagedFlink flink;
    private static ManagedCluster cluster;

    @BeforeAll
    static void launch() {
        flink = ManagedFlink.configure().listener(DIARY).inProcess();
        cluster = flink.launch(TestClusters.spec("everyday", storage));
    }

    @AfterAll
    static void close() {
        flink.close();
    }

    @Test
    void runsAJobToItsEnd() {
        ManagedJob job = cluster.submit("to its end", environment -> Counting.define(environment, "end", 100, 1000));

        job.awaitFinished(PATIENCE);

        assertThat(Counting.counts("end")).isEqualTo(Counting.expected(100));
        assertThat(job.status()).isEqualTo(JobStatus.FINISHED);
        await().untilAsserted(() -> assertThat(DIARY.of(JobEnded.class))
                .anyMatch(event ->
                        event.job().equals("to its end") && event.status().equals("FINISHED")));
    }

    @Test
    void bindsAnOrdinaryEnvironment() throws Exception {
        StreamExecutionEnvironment environment = cluster.environment();

        List<Long> collected = new ArrayList<>();
        try (CloseableIterator<Long> numbers = environment.fromSequence(1, 5).executeAndCollect("ordinary")) {
            numbers.forEachRemaining(collected::add);
        }

        assertThat(collected).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
        assertThat(cluster.job("ordinary")).isPresent();
    }

    @Test
    void waitsForTheEndInExecute() throws Exception {
        StreamExecutionEnvironment environment = cluster.environment();
        environment.fromSequence(1, 5).map(number -> number).print();

        JobExecutionResult result = environment.execute("waits");

        assertThat(result.isJobExecutionResult()).isTrue();
        assertThat(cluster.job("waits").orElseThrow().status()).isEqualTo(JobStatus.FINISHED);
    }

    @Test
    void bindsGetExecutionEnvironmentInsideAProgram() {
        ManagedJob job = cluster.submit("inside", given -> {
            StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
            assertThat(environment).isSameAs(given);
            environment.fromSequence(1, 5).print();
            environment.executeAsync("a name that submit overrules");
        });

        job.awaitFinished(PATIENCE);

        assertThat(job.name()).isEqualTo("inside");
    }

    @Test
    void putsTheSpecsCheckpointingIntoEffect() {
        ManagedJob job = cluster.submit(
                "checkpointed", environment -> Counting.define(environment, "checkpointed", 10_000, 500));

        await().until(() -> job.progress().completedCheckpoints() >= 2);
        job.cancel();

        Path checkpoints = storage.resolve("everyday/jobs/checkpointed/epoch-1-attempt-1/checkpoints")
                .resolve(job.jobId().toHexString());
        assertThat(checkpoints).isDirectory();
    }

    @Test
    void beginsAnewAfterACancelUnlessAskedOtherwise() {
        ManagedJob first = cluster.submit("again", environment -> Counting.define(environment, "again", 10_000, 500));
        await().until(() -> first.progress().completedCheckpoints() >= 1);
        first.cancel();

        ManagedJob second = cluster.submit("again", environment -> Counting.define(environment, "again", 10_000, 500));
        assertThat(second.startingPoint()).isEmpty();
        assertThat(second.attemptId()).hasToString("epoch-1-attempt-2");
        await().until(() -> second.progress().completedCheckpoints() >= 1);
        second.cancel();

        ManagedJob third = cluster.submit(
                "again", StartingPoint.latest(), environment -> Counting.define(environment, "again", 10_000, 500));
        assertThat(third.startingPoint()).get().asString().contains("epoch-1-attempt-2/checkpoints");
        third.cancel();
    }

    @Test
    void continuesFromTheSavepointOfAStop() {
        ManagedJob first = cluster.submit("stopped", environment -> Counting.define(environment, "stopped", 400, 200));
        await().until(() -> Counting.total("stopped") > 20);

        String savepoint = first.stopWithSavepoint();
        ManagedJob second = cluster.submit("stopped", environment -> Counting.define(environment, "stopped", 400, 200));
        second.awaitFinished(PATIENCE);

        assertThat(second.startingPoint()).contains(savepoint);
        assertThat(Counting.counts("stopped")).isEqualTo(Counting.expected(400));
    }

    @Test
    void servesFlinksWebUiButTakesNoJars() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        URI webUi = cluster.webUi();

        HttpResponse<String> page =
                client.send(HttpRequest.newBuilder(webUi.resolve("/")).build(), BodyHandlers.ofString());
        HttpResponse<String> upload = client.send(
                HttpRequest.newBuilder(webUi.resolve("/jars/upload"))
                        .POST(BodyPublishers.ofString("a jar"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("Apache Flink Web Dashboard");
        assertThat(upload.statusCode()).isEqualTo(404);
    }

    @Test
    void givesNoCertificatesForWhatAsksNobody() {
        assertThatThrownBy(() -> cluster.grantAccess("grafana", Duration.ofDays(1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("access for grafana")
                .hasMessageContaining("ManagedFlink.processes(…)");
    }

    @Test
    void listensOnLoopbackOnly() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/net/tcp")), "needs Linux's /proc");

        assertThat(ListeningSockets.ofThisJvm()).isNotEmpty().allMatch(ListeningSockets::isLoopback);
    }

    @Test
    void explainsWhoDecidedAKey() {
        assertThat(cluster.explain("taskmanager.numberOfTaskSlots").inEffect())
                .get()
                .satisfies(setting -> {
                    assertThat(setting.value()).isEqualTo("2");
                    assertThat(setting.layer()).isEqualTo(Layer.SPEC);
                });
        assertThat(cluster.explain("web.submit.enable").outvoted())
                .singleElement()
                .satisfies(setting -> assertThat(setting.layer()).isEqualTo(Layer.FLINK_DEFAULT));
    }

    @Test
    void isSeenWhole() {
        cluster.awaitHealthy(PATIENCE);

        assertThat(cluster.health().state()).isEqualTo(Health.State.HEALTHY);
        assertThat(cluster.observe().liveness()).isEqualTo(Liveness.ANSWERS);
        assertThat(cluster.observe().taskManagers()).hasSize(1);
    }

    @Test
    void refusesAProgramThatNeverExecutes() {
        assertThatThrownBy(() -> cluster.submit("never", environment -> {}))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "program of job \"never\": returned without a call of execute "
                                + "(expected: one call of execute() or executeAsync()). Call environment.execute() at its end.");
        assertThat(cluster.job("never")).isEmpty();
    }

    @Test
    void refusesAProgramThatThrowsAndLeavesNothingOfIt() {
        assertThatThrownBy(() -> cluster.submit("throws", environment -> {
                    Counting.define(environment, "throws", 10_000, 100);
                    throw new IllegalStateException("no input");
                }))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("threw IllegalStateException: no input")
                .hasRootCauseMessage("no input");
        assertThat(cluster.observe().jobs())
                .filteredOn(job -> job.name().equals("throws"))
                .allMatch(job -> job.status().isGloballyTerminalState());
    }

    @Test
    void refusesASecondExecuteInOneProgram() {
        assertThatThrownBy(() -> cluster.submit("twice", environment -> {
                    Counting.define(environment, "twice", 10_000, 100);
                    Counting.define(environment, "twice", 10_000, 100);
                }))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("calls execute a second time");
    }

    @Test
    void refusesASecondRunningJobOfTheSameName() {
        ManagedJob job = cluster.submit("taken", environment -> Counting.define(environment, "taken", 10_000, 100));

        assertThatThrownBy(() -> cluster.submit("taken", environment -> Counting.define(environment, "taken", 10, 100)))
                .isInstanceOf(ManagedFlinkException.class)
                .hasMessageContaining("runs already in cluster everyday")
                .extracting(failure -> ((ManagedFlinkException) failure).code())
                .isEqualTo(Code.CONFLICT);
        assertThat(job.status().isGloballyTerminalState()).isFalse();
        job.cancel();
    }

    @Test
    void refusesAJobWithAStateDirectoryOfItsOwn() {
        Configuration own = new Configuration();
        own.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "file:///elsewhere");

        assertThatThrownBy(() -> cluster.submit("own directory", environment -> {
                    environment.configure(own);
                    Counting.define(environment, "own", 10, 100);
                }))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("execution.checkpointing.dir: file:///elsewhere");
    }

    @Test
    void refusesAStartingPointThatIsNotThere() {
        assertThatThrownBy(() -> cluster.submit(
                        "nowhere",
                        StartingPoint.at(storage.resolve("no-savepoint").toUri().toString()),
                        environment -> Counting.define(environment, "nowhere", 10, 100)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("expected: a complete checkpoint or savepoint");
        assertThat(cluster.job("nowhere")).isEmpty();
    }

    @Test
    void tellsWhyAJobFailed() {
        ManagedJob job = cluster.submit("fails", environment -> {
            Configuration noRestart = new Configuration();
            noRestart.setString("restart-strategy.type", "none");
            environment.configure(noRestart);
            environment
                    .fromSequence(1, 5)
                    .map(number -> {
                        if (number == 3) {
                            throw new IllegalArgumentException("three is too many");
                        }
                        return number;
                    })
                    .print();
            environment.execute();
        });

        assertThatThrownBy(() -> job.awaitFinished(PATIENCE))
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining("three is too many")
                .extracting(failure -> ((JobFailedException) failure).status())
                .isEqualTo(JobStatus.FAILED);
    }

    @Test
    void refusesASecondClusterOfTheSameName() {
        assertThatThrownBy(() -> flink.launch(TestClusters.spec("everyday", storage)))
                .isInstanceOf(ManagedFlinkException.class)
                .hasMessageContaining("exists in this ManagedFlink");
    }

    @Test
    void refusesStorageThatALivingClusterOwns() {
        try (ManagedFlink other = ManagedFlink.inProcess()) {
            assertThatThrownBy(() -> other.launch(TestClusters.spec("everyday", storage)))
                    .isInstanceOf(ManagedFlinkException.class)
                    .hasMessageContaining(
                            "epoch-1 belongs to pid " + ProcessHandle.current().pid());
        }
    }
}
