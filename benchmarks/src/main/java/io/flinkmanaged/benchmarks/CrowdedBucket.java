package io.flinkmanaged.benchmarks;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.job.RecoveryChoice;
import io.flinkmanaged.job.StartingPoint;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StateBackend;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** A real job with incremental checkpoints that is lost with its cluster, and what a recovery does to find its newest point. */
final class CrowdedBucket {

    private static final ClusterName CLUSTER = new ClusterName("lost");
    private static final JobName JOB = new JobName("kept");
    private static final int VALUES = 100;
    private static final int CHECKPOINTS = 3;

    private final ManagedFiles files;

    CrowdedBucket(ManagedFiles files) {
        this.files = files;
    }

    Object answer(String verb, List<String> words) throws Exception {
        return switch (verb) {
            case "lose" -> lose();
            case "find" -> {
                Stopwatch watch = Stopwatch.started();
                String point = find();
                yield watch.seconds() + " " + point;
            }
            case "list" -> list();
            default -> throw new IllegalArgumentException(verb);
        };
    }

    /** Runs a job until it has a few checkpoints, loses it, and returns the key of its newest. */
    private String lose() throws Exception {
        String channel = UUID.randomUUID().toString();
        try (ManagedFlink flink = ManagedFlink.inProcess()) {
            ManagedCluster cluster = flink.launch(ClusterSpec.named(CLUSTER.value())
                    .plan(Plans.TINY)
                    .taskSlots(KeptState.PARALLELISM)
                    .stateBackend(StateBackend.ROCKSDB)
                    .checkpoints(Checkpointing.every(Duration.ofMillis(500)).to(files.location()))
                    .build());
            ManagedJob job = cluster.submit(JOB.value(), environment -> {
                KeptState.of(VALUES, channel).define(environment);
                environment.execute();
            });
            KeptValues.of(channel).awaitAllWritten();
            TaskStates.await("checkpoints completed", () -> job.progress().completedCheckpoints() >= CHECKPOINTS);
        }
        return find();
    }

    private String find() {
        JobStore store = new JobStore(files.storage(), CLUSTER);
        RecoveryChoice choice =
                RecoveryChoice.of(store, store.lastAttempt(JOB.pathSegment()), StartingPoint.asItEnded());
        String uri = choice.point().orElseThrow();
        return uri.substring(files.storage().uriOf("").length());
    }

    /** Returns the seconds that the table of all points takes, and how many they are. */
    private String list() {
        try (ManagedFlink flink = ManagedFlink.inProcess()) {
            Stopwatch watch = Stopwatch.started();
            int points = flink.recoveryPoints(files.location(), CLUSTER.value(), JOB.value())
                    .complete()
                    .size();
            return watch.seconds() + " " + points;
        }
    }
}
