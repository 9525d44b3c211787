package io.flinkmanaged.gcp;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.testkit.CountingJob;
import io.flinkmanaged.testkit.EmbeddedGcs;
import java.time.Duration;

/** A program of its own, since the environment of a JVM cannot be changed: a job with a bucket that takes anybody. */
final class AnonymousProgram {

    private static final String RUN = "anonymous";
    private static final long NUMBERS = 400;

    private AnonymousProgram() {}

    /** Prints which savepoint the job was stopped with, and whether its answer was exact after it. */
    public static void main(String[] args) throws Exception {
        try (EmbeddedGcs server = EmbeddedGcs.start("anybodys");
                ManagedFlink flink = ManagedFlink.inProcess()) {
            StorageLocation location = TestBuckets.on(server).build();
            var unusedAdvice = flink.checkStorage(location);
            ClusterSpec spec = ClusterSpec.named("anonymous")
                    .plan(Plans.TINY)
                    .checkpoints(Checkpointing.every(Duration.ofMillis(200)).to(location))
                    .build();
            try (ManagedCluster cluster = flink.launch(spec)) {
                ManagedJob job = submit(cluster, 100);
                job.awaitRunning(Duration.ofMinutes(1));
                System.out.println("stopped with " + job.stopWithSavepoint());
                submit(cluster, 10_000).awaitFinished(Duration.ofMinutes(1));
            }
        }
        System.out.println("exact: " + CountingJob.counts(RUN).equals(CountingJob.expected(NUMBERS)));
    }

    private static ManagedJob submit(ManagedCluster cluster, double perSecond) {
        return cluster.submit("counting", environment -> CountingJob.define(environment, RUN, NUMBERS, perSecond));
    }
}
