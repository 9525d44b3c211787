package io.flinkmanaged.examples;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.spec.StorageLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.apache.flink.api.common.JobExecutionResult;

/**
 * The worst day: the process that operates the cluster is killed, its journal and files are deleted, and this process
 * rebuilds the cluster from the state storage alone.
 */
final class LoseEverything {

    private final ExampleOptions options;
    private final Workspace workspace;
    private final StorageLocation state;
    private final long flights;
    private final Story story;

    LoseEverything(ExampleOptions options, Workspace workspace, StorageLocation state, long flights, Story story) {
        this.options = options;
        this.workspace = workspace;
        this.state = state;
        this.flights = flights;
        this.story = story;
    }

    /** Loses everything and rebuilds it; returns when the job has finished. */
    Loss run() throws Exception {
        long passed = operateUntilKilled();
        workspace.deleteAllButTheState();
        Instant died = story.now();
        story.tell("LOST      its journal and files, deleted: nothing but the state storage is left");
        Replay replay = rebuild(passed);
        return new Loss(replay, Recovery.fromTheStorage(story.events(), died));
    }

    private long operateUntilKilled() throws IOException, InterruptedException {
        Files.writeString(
                workspace.spec(), FlightsCluster.spec(options.nodes(), state).toYaml());
        double perSecond = (double) flights / options.duration().toSeconds();
        long enough = flights * options.killAtPercent() / 100;
        long seconds = options.duration().plus(FlightsCluster.SLACK).toSeconds();
        try (DoomedJvm doomed = DoomedJvm.start(workspace, perSecond, enough, seconds)) {
            story.tell("Process " + doomed.pid() + " operates the cluster.");
            long passed = doomed.awaitEnough(now -> story.tellProgress(now, flights));
            doomed.kill();
            story.tell(
                    String.format(Locale.ROOT, "LOST      process %d, killed after %,d flights", doomed.pid(), passed));
            return passed;
        }
    }

    private Replay rebuild(long passed) {
        Duration atMost = options.duration().plus(FlightsCluster.SLACK);
        try (ManagedFlink flink = ManagedFlink.configure().listener(story).inProcess();
                ManagedCluster cluster = flink.recover(state, FlightsCluster.NAME)) {
            cluster.awaitHealthy(FlightsCluster.SLACK);
            ManagedJob job = cluster.job(FlightsCluster.JOB)
                    .orElseThrow(() -> new IllegalStateException("The job had finished before everything was lost."));
            try (FlightProgress unused = FlightProgress.of(job, flights, now -> story.tellProgress(now, flights))) {
                JobExecutionResult result = job.awaitFinished(atMost);
                story.tell("The job has finished.");
                return new Replay(passed, FlightCounter.restored(result).orElse(flights));
            }
        } finally {
            story.end();
        }
    }
}
