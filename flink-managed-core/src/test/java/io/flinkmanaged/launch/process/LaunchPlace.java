package io.flinkmanaged.launch.process;

import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.launch.LaunchOrder;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.AllowedSources;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A directory below which each test launches processes. Who lives there at the end is killed, and the directory deleted, unless
 * JUnit is told to keep temporary ones.
 */
final class LaunchPlace implements BeforeEachCallback, AfterEachCallback {

    private final SystemTimeSource time = new SystemTimeSource();

    private @Nullable Path directory;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("launch").toRealPath();
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        try {
            List<HostProcess> unused = Ending.end(living(), Duration.ZERO);
            if (context.getConfigurationParameter(TempDir.DEFAULT_CLEANUP_MODE_PROPERTY_NAME)
                    .filter(CleanupMode.NEVER.name()::equals)
                    .isEmpty()) {
                Directories.deleteTree(directory());
            }
        } finally {
            time.close();
        }
    }

    Path directory() {
        return Objects.requireNonNull(directory);
    }

    SystemTimeSource time() {
        return time;
    }

    /** The library's directory. */
    Path home() {
        return directory().resolve("home");
    }

    /** Where the first epoch of {@link #spec} has its nodes. */
    Path epoch() {
        return home().resolve("clusters/flights/epoch-1");
    }

    /** A cluster {@code flights} of one small node with two slots. */
    ClusterSpec spec() {
        return ClusterSpec.named("flights").plan(Plans.TINY).taskSlots(2).build();
    }

    LaunchOrder order() {
        return order(spec());
    }

    LaunchOrder order(ClusterSpec spec) {
        return order(spec, 1);
    }

    LaunchOrder order(ClusterSpec spec, int epoch) {
        return new LaunchOrder(
                spec,
                new Epoch(epoch),
                directory().resolve("unused"),
                directory().resolve("ha").toUri().toString(),
                List.of(),
                Optional::empty);
    }

    /** Launches on this machine, without archives of classes; with standbys. */
    ProcessLauncher launcher() {
        return launcher(time);
    }

    ProcessLauncher launcher(TimeSource clock) {
        return launcher(options(FlinkDistribution.ofClassPath(), false, true), clock);
    }

    ProcessLauncher launcherWithArchives() {
        return launcher(options(FlinkDistribution.ofClassPath(), true, false), time);
    }

    /** Its distribution has been deleted: who needs Flink cannot go on. */
    ProcessLauncher launcherWithoutFlink() throws IOException {
        Path flink = directory().resolve("flink");
        Path jar = Files.createDirectories(flink.resolve("lib")).resolve("flink-dist-2.3.0.jar");
        Files.createFile(jar);
        FlinkDistribution gone = FlinkDistribution.at(flink);
        Files.delete(jar);
        return launcher(options(gone, false, false), time);
    }

    /** Launches on another host, without standbys. */
    ProcessLauncher launcher(Host host) {
        return new ProcessLauncher(
                home(),
                List.of(host),
                options(FlinkDistribution.ofClassPath(), false, false),
                time,
                Secrets.of(List.of()));
    }

    private ProcessLauncher launcher(NodeOptions options, TimeSource clock) {
        return new ProcessLauncher(home(), options, clock, Secrets.of(List.of()));
    }

    private static NodeOptions options(FlinkDistribution flink, boolean archives, boolean standbys) {
        return new NodeOptions(flink, Traffic.TLS, true, archives, standbys, AllowedSources.NONE);
    }

    /** Who lives anywhere below the directory. */
    List<HostProcess> living() throws IOException {
        return LocalHost.below(directory(), time).find(directory());
    }
}
