package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.immutable.ArraySeq;
import scala.util.Properties;

/**
 * Flink's RPC brings Scala 2.12 to every process; a job that brings 2.13 does not see it: without class-data archives, and in
 * processes that came from archives, have rehearsed, and took over.
 */
@Tag("slow")
class ScalaInAJobTest {

    @TempDir
    private Path temporary;

    @AfterEach
    void killWhatIsLeft() throws IOException {
        ProcessesBelow.kill(temporary);
    }

    @Test
    void aJobRunsWithItsOwnScala() throws Exception {
        try (ManagedFlink flink = ManagedFlink.configure().processes(temporary.resolve("nodes"));
                ManagedCluster cluster = flink.launch(TestClusters.spec("scala", temporary.resolve("storage")))) {
            assertThat(archivesInUse()).isEmpty();
            runsWithItsOwn(cluster, "first");

            // In so small a plan they wait for the archives, and begin from them.
            await().atMost(PATIENCE.multipliedBy(4)).until(() -> standbys("ready") == 2);
            cluster.drill().killTaskManager(1);
            await().atMost(PATIENCE).until(() -> standbys("begin") == 1);
            cluster.awaitHealthy(PATIENCE);
            cluster.drill().killJobManager();
            await().atMost(PATIENCE).until(() -> standbys("begin") == 2);
            cluster.awaitHealthy(PATIENCE);
            assertThat(archivesInUse()).hasSizeGreaterThanOrEqualTo(2);
            runsWithItsOwn(cluster, "taken-over");
        }
    }

    private void runsWithItsOwn(ManagedCluster cluster, String name) {
        Path output = temporary.resolve(name);
        ManagedJob job = cluster.submit(name, environment -> define(environment, output));
        job.awaitFinished(PATIENCE.multipliedBy(2));
        assertThat(output).hasContent("2.13 of ArraySeq(a, b)");
    }

    /** The command lines of the cluster's processes that were started from an archive. */
    private List<String> archivesInUse() throws IOException {
        return ProcessesBelow.of(temporary.toRealPath().resolve("nodes/nodes/clusters")).stream()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(command -> command.contains("-XX:SharedArchiveFile="))
                .toList();
    }

    private long standbys(String said) throws IOException {
        long count = 0;
        for (String kind : List.of("taskmanager", "jobmanager")) {
            Path processes = temporary
                    .resolve("nodes/nodes/clusters/scala/epoch-1/node-1")
                    .resolve(kind);
            try (DirectoryStream<Path> standbys = Files.newDirectoryStream(processes, "standby-*")) {
                for (Path standby : standbys) {
                    count += Files.exists(standby.resolve(said)) ? 1 : 0;
                }
            }
        }
        return count;
    }

    private static void define(StreamExecutionEnvironment environment, Path output) throws Exception {
        String file = output.toString();
        // Only in Scala 2.13; its jar is found because the function holds one.
        ArraySeq<String> sequence = ArraySeq.unsafeWrapArray(new String[] {"a", "b"});
        MapFunction<Long, Long> writing = number -> {
            String version = Properties.versionNumberString().replaceFirst("\\.\\d+$", "");
            Files.writeString(Path.of(file), version + " of " + sequence);
            return number;
        };
        environment.fromSequence(1, 1).map(writing).returns(Types.LONG).sinkTo(new DiscardingSink<>());
        environment.execute();
    }
}
