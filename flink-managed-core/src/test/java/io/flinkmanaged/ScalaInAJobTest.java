package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Flink's RPC brings Scala 2.12 to every process; a job that brings 2.13 does not see it, class-data archives or not. */
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
        Path output = temporary.resolve("version");
        try (ManagedFlink flink = ManagedFlink.configure().withoutClassSharing().processes(temporary.resolve("nodes"));
                ManagedCluster cluster = flink.launch(TestClusters.spec("scala", temporary.resolve("storage")))) {
            ManagedJob job = cluster.submit("scala", environment -> define(environment, output));
            job.awaitFinished(PATIENCE.multipliedBy(2));
        }
        assertThat(output).hasContent("2.13 of ArraySeq(a, b)");
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
        environment.execute("scala");
    }
}
