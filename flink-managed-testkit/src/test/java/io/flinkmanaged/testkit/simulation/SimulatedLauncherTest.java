package io.flinkmanaged.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.testkit.CountingJob;
import io.flinkmanaged.testkit.LauncherContract;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;

class SimulatedLauncherTest extends LauncherContract {

    private static final JobName COUNTING = new JobName("counting");

    @AutoClose
    private final VirtualTime time = VirtualTime.seeded(1);

    private final SimulatedLauncher launcher = new SimulatedLauncher(time);

    @Override
    protected ClusterLauncher launcher(Path home, TimeSource unused) {
        launcher.run(COUNTING, new Workload(numbers(), PER_SECOND, 1));
        return launcher;
    }

    @Override
    protected TimeSource time() {
        return time;
    }

    @Override
    protected Map<Long, Long> counts(Path directory) {
        assertThat(launcher.counted(COUNTING)).isPresent();
        return CountingJob.expected(launcher.counted(COUNTING).getAsLong());
    }

    @Override
    protected int nodes() {
        return 3;
    }
}
