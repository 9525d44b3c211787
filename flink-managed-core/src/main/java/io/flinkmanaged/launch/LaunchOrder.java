package io.flinkmanaged.launch;

import io.flinkmanaged.config.Setting;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.storage.NodeFileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is to be launched: everything about an epoch that does not depend on where it runs. The launcher places it, and
 * then renders it.
 *
 * @param spec what is wanted
 * @param epoch which life of the cluster
 * @param directory an own directory on this machine, which goes with the handle of the cluster: for an epoch that lives in
 *     this JVM
 * @param highAvailability a URI in the state storage below which JobManagers keep what their election's entries point to
 * @param settings what else than the spec decides keys: the state storage, and policies
 * @param fileSystem tells how nodes that are processes reach the state storage; empty if Flink serves it by itself
 * @param jobsFirst whether jobs wait to be continued, so that the launch may end as soon as it takes them; whoever orders it
 *     so waits for the rest with {@link LaunchedCluster#awaitReady}
 * @param endsWithThisJvm whether nothing of it may outlive this JVM, however that ends; else processes go on without it, and
 *     {@link ClusterLauncher#adopt} finds them
 */
public record LaunchOrder(
        ClusterSpec spec,
        Epoch epoch,
        Path directory,
        String highAvailability,
        List<Setting> settings,
        Supplier<Optional<NodeFileSystem>> fileSystem,
        boolean jobsFirst,
        boolean endsWithThisJvm) {

    /** Keeps a copy of the settings. */
    public LaunchOrder {
        settings = List.copyOf(settings);
    }

    /**
     * Orders a launch that ends when everything does its part, of what may outlive this JVM.
     *
     * @param spec what is wanted
     * @param epoch which life of the cluster
     * @param directory an own directory on this machine
     * @param highAvailability a URI in the state storage for JobManagers
     * @param settings what else than the spec decides keys
     * @param fileSystem tells how nodes that are processes reach the state storage
     */
    public LaunchOrder(
            ClusterSpec spec,
            Epoch epoch,
            Path directory,
            String highAvailability,
            List<Setting> settings,
            Supplier<Optional<NodeFileSystem>> fileSystem) {
        this(spec, epoch, directory, highAvailability, settings, fileSystem, false, false);
    }

    /** Returns the same order of a launch that ends as soon as it takes jobs. */
    public LaunchOrder withJobsFirst() {
        return new LaunchOrder(spec, epoch, directory, highAvailability, settings, fileSystem, true, endsWithThisJvm);
    }

    /** Returns the same order of what ends with this JVM. */
    public LaunchOrder endingWithThisJvm() {
        return new LaunchOrder(spec, epoch, directory, highAvailability, settings, fileSystem, jobsFirst, true);
    }
}
