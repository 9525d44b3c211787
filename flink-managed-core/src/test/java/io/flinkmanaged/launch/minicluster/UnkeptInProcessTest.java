package io.flinkmanaged.launch.minicluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.spec.ClusterSpec;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class UnkeptInProcessTest {

    @AutoClose
    private final SystemTimeSource time = new SystemTimeSource();

    @AutoClose
    private final InProcessLauncher launcher = new InProcessLauncher(time, Secrets.of(List.of()));

    /** Flink reads them in FileSystem.initialize, which is the JVM's and which no MiniCluster calls. */
    @Test
    void saysThatAFileSystemsKeysHaveNoEffect() {
        ClusterSpec spec = ClusterSpec.named("flights")
                .override("s3.read.buffer.size", "1048576")
                .override("web.submit.enable", "true")
                .build();
        assertThat(launcher.unkept(spec))
                .extracting(Finding::subject)
                .contains("override s3.read.buffer.size")
                .doesNotContain("override web.submit.enable");
    }
}
