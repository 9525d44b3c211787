package io.flinkmanaged.testkit;

import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.launch.minicluster.InProcessLauncher;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.model.TimeSource;
import java.nio.file.Path;
import java.util.List;

class InProcessLauncherTest extends LauncherContract {

    @Override
    protected ClusterLauncher launcher(Path home, TimeSource time) {
        return new InProcessLauncher(time, Secrets.of(List.of()));
    }

    @Override
    protected long numbers() {
        return 4_000;
    }

    @Override
    protected int nodes() {
        return 3;
    }
}
