package io.flinkmanaged;

import io.flinkmanaged.cluster.KnownEpochs;
import io.flinkmanaged.cluster.WantedClusters;
import io.flinkmanaged.config.Policies;
import io.flinkmanaged.event.EventDispatcher;
import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.job.UserJars;
import io.flinkmanaged.journal.JournalLease;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.supervise.Supervisor;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * What a {@link ManagedFlink} is wired from.
 *
 * @param time the time and threads
 * @param operations the part of the pool that clusters change in
 * @param launcher runs the clusters
 * @param storages the storage adapters
 * @param events hands out events
 * @param supervisor keeps the clusters alive
 * @param lease the right to act on the journal's clusters
 * @param wanted the operated clusters, as the journal knows them
 * @param userJars packs classes for every cluster
 * @param knownEpochs the newest epochs, as the embedder's journal knows them; empty if he named none
 * @param directory where clusters keep their files on this machine
 * @param policies what the embedder demands of every cluster's configuration
 * @param secrets resolves references to secrets
 * @param strict whether what the launcher cannot keep of a spec is an error
 * @param owned ends all of it
 */
record Wiring(
        TimeSource time,
        Executor operations,
        ClusterLauncher launcher,
        StorageProviders storages,
        EventDispatcher events,
        Supervisor supervisor,
        JournalLease lease,
        WantedClusters wanted,
        UserJars userJars,
        Optional<KnownEpochs> knownEpochs,
        Path directory,
        Policies policies,
        Secrets secrets,
        boolean strict,
        TearDown owned) {}
