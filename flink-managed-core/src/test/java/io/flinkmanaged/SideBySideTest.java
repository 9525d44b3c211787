package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.config.Layer;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.spec.ClusterSpec;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.WebOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several clusters in one JVM. */
class SideBySideTest {

    @TempDir
    Path storage;

    @TempDir
    Path work;

    @Test
    void clustersShareNothingThatTheyCanSee() throws Exception {
        try (ManagedFlink flink = ManagedFlink.configure()
                        .workingDirectory(work.resolve("one"))
                        .inProcess();
                ManagedFlink other = ManagedFlink.configure()
                        .workingDirectory(work.resolve("two"))
                        .inProcess();
                ManagedCluster first = flink.launch(TestClusters.spec("first", storage));
                ManagedCluster second = flink.launch(TestClusters.spec("second", storage));
                ManagedCluster third = other.launch(TestClusters.spec("third", storage))) {
            List<ManagedCluster> all = List.of(first, second, third);
            assertThat(all).extracting(cluster -> cluster.webUi().getPort()).doesNotHaveDuplicates();

            List<ManagedJob> jobs = all.stream()
                    .map(cluster -> cluster.submit(
                            "same name", environment -> Counting.define(environment, "of " + cluster.name(), 200, 400)))
                    .toList();
            jobs.forEach(job -> job.awaitFinished(PATIENCE));
            assertThat(jobs).extracting(ManagedJob::jobId).doesNotHaveDuplicates();
            assertThat(Counting.counts("of third")).isEqualTo(Counting.expected(200));

            second.close();
            assertThatThrownBy(second::webUi).isInstanceOf(ManagedFlinkException.class);
            first.submit("goes on", environment -> Counting.define(environment, "goes on", 20, 400))
                    .awaitFinished(PATIENCE);
        }
        try (Stream<Path> left = Files.walk(work)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void takesJarsOverRestWhenAsked() throws Exception {
        ClusterSpec open = TestClusters.spec("open", storage).toBuilder()
                .override(WebOptions.SUBMIT_ENABLE, true)
                .build();
        try (ManagedFlink flink = ManagedFlink.inProcess();
                ManagedCluster cluster = flink.launch(open)) {
            HttpResponse<String> upload = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(cluster.webUi().resolve("/jars"))
                                    .build(),
                            BodyHandlers.ofString());

            assertThat(upload.statusCode()).isEqualTo(200);
            assertThat(cluster.explain("web.submit.enable").inEffect())
                    .get()
                    .extracting(Setting::layer)
                    .isEqualTo(Layer.OVERRIDE);
        }
    }

    @Test
    void refusesEverythingAfterClose() {
        ManagedFlink flink = ManagedFlink.inProcess();
        ManagedCluster cluster = flink.launch(TestClusters.spec("closed", storage));
        ManagedJob job = cluster.submit("unfinished", environment -> Counting.define(environment, "closed", 9000, 10));

        cluster.close();
        cluster.close();

        assertThatThrownBy(() -> cluster.submit("late", environment -> {}))
                .isInstanceOf(ManagedFlinkException.class)
                .hasMessageContaining("cluster closed: closed (expected: open)")
                .extracting(failure -> ((ManagedFlinkException) failure).code())
                .isEqualTo(Code.CLOSED);
        assertThatThrownBy(cluster::environment).hasMessageContaining("closed (expected: open)");
        assertThatThrownBy(() -> job.awaitFinished(PATIENCE)).hasMessageContaining("closed (expected: open)");

        try (ManagedCluster again = flink.launch(TestClusters.spec("closed", storage))) {
            assertThat(again.epoch()).isEqualTo(2);
        }
        flink.close();
        flink.close();
        assertThatThrownBy(() -> flink.launch(TestClusters.spec("closed", storage)))
                .hasMessage("ManagedFlink: closed (expected: open). Create another one.");
    }
}
