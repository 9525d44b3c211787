package io.flinkmanaged.testkit;

import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.launch.process.FlinkDistribution;
import io.flinkmanaged.launch.process.NodeOptions;
import io.flinkmanaged.launch.process.ProcessLauncher;
import io.flinkmanaged.launch.process.Traffic;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.AllowedSources;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class LauncherOfOneNodeTest extends LauncherContract {

    @Override
    protected ClusterLauncher launcher(Path home, TimeSource time) {
        return new ProcessLauncher(
                home,
                new NodeOptions(FlinkDistribution.ofClassPath(), Traffic.TLS, true, false, true, AllowedSources.NONE),
                time,
                Secrets.of(List.of()));
    }

    @Override
    protected int nodes() {
        return 1;
    }
}
