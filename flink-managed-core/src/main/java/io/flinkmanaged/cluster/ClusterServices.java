package io.flinkmanaged.cluster;

import io.flinkmanaged.config.Policies;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.job.UserJars;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.model.TimeSource;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What a cluster works with.
 *
 * @param time the time and threads
 * @param operations a part of the pool, which all clusters share: what runs there waits for what runs in the rest of it
 * @param events takes what happens; never blocks
 * @param launcher runs its epochs
 * @param userJars packs classes for every cluster; closed by its owner
 * @param directory the cluster's own directory on this machine; deleted by its owner
 * @param policies what the embedder demands of every cluster's configuration
 * @param knownEpochs the newest epoch that is known beside the storage
 * @param ensureMayAct throws if another library instance has taken over the journal's clusters
 */
public record ClusterServices(
        TimeSource time,
        Executor operations,
        Consumer<ClusterEvent> events,
        ClusterLauncher launcher,
        UserJars userJars,
        Path directory,
        Policies policies,
        KnownEpochs knownEpochs,
        Runnable ensureMayAct) {}
