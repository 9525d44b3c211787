package io.flinkmanaged.examples;

import io.flinkmanaged.Drill;
import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedFlinkBuilder;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.examples.ExampleOptions.Kill;
import io.flinkmanaged.examples.ExampleOptions.Launcher;
import io.flinkmanaged.spec.StorageLocation;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.apache.flink.api.common.JobExecutionResult;

/** One run of the example: a cluster, its job, the loss on the way, and the result. */
final class FlightDelaysRun {

    private final ExampleOptions options;
    private final Workspace workspace;
    private final long flights;
    private final Story story;

    private FlightDelaysRun(ExampleOptions options, Workspace workspace, PrintStream out) throws Exception {
        this.options = options;
        this.workspace = workspace;
        this.flights = workspace.countFlights();
        this.story = new Story(out, InstantSource.system());
    }

    /**
     * Runs the example, and leaves nothing but the file with the result.
     *
     * @param options what to do
     * @param out takes the story
     * @return what came of it
     * @throws WrongResultException if the result is not exact; then no file is written
     */
    static Summary run(ExampleOptions options, PrintStream out) throws Exception {
        ResultFile.remove(options.output());
        try (Workspace workspace = Workspace.create()) {
            return new FlightDelaysRun(options, workspace, out).run();
        }
    }

    private Summary run() throws Exception {
        try (StateServer state = StateServer.open(options.storage(), workspace)) {
            return run(state.location());
        }
    }

    private Summary run(StorageLocation state) throws Exception {
        story.tell(String.format(
                Locale.ROOT,
                "Starting a Flink cluster %s, for a stream of %,d flights.",
                options.launcher() == Launcher.IN_PROCESS ? "in this JVM" : "as processes",
                flights));
        Loss loss = options.loseEverything()
                ? new LoseEverything(options, workspace, state, flights, story).run()
                : launch(state);
        List<DelaySummary> airports = ResultFile.gather(workspace.parts());
        ResultFile.check(airports, flights);
        ResultFile.write(airports, options.output());
        return new Summary(flights, airports, loss.recovery(), loss.replay(), story.sinceBeginning(), options.output());
    }

    private Loss launch(StorageLocation state) throws Exception {
        Replay replay;
        try (ManagedFlink flink = flink();
                ManagedCluster cluster = flink.launch(FlightsCluster.spec(options.nodes(), state))) {
            replay = process(cluster);
        }
        return new Loss(replay, Recovery.in(story.events()));
    }

    private ManagedFlink flink() {
        ManagedFlinkBuilder builder = ManagedFlink.configure().listener(story);
        // One cluster in a directory that goes with it: nobody would start from what is made for the next ones.
        return options.launcher() == Launcher.IN_PROCESS
                ? builder.inProcess()
                : builder.withoutClassSharing().processes(workspace.nodes());
    }

    private Replay process(ManagedCluster cluster) throws Exception {
        double perSecond = (double) flights / options.duration().toSeconds();
        try {
            ManagedJob job = FlightsCluster.submit(cluster, workspace.input(), workspace.parts(), perSecond);
            Replay replay = watch(cluster, job);
            story.tell("The job has finished.");
            return replay;
        } finally {
            story.end();
            // After Ctrl-C too, the cluster is given the time to stop.
            boolean unused = Thread.interrupted();
        }
    }

    private Replay watch(ManagedCluster cluster, ManagedJob job) throws Exception {
        Duration atMost = options.duration().plus(FlightsCluster.SLACK);
        long enough = flights * options.killAtPercent() / 100;
        try (FlightProgress progress = FlightProgress.of(job, enough, passed -> story.tellProgress(passed, flights))) {
            long before = options.kill() == Kill.NOTHING ? 0 : progress.awaitEnough(atMost);
            if (options.kill() != Kill.NOTHING) {
                kill(cluster.drill(), job, before);
            }
            JobExecutionResult result = job.awaitFinished(atMost);
            return new Replay(before, FlightCounter.restored(result).orElse(flights));
        }
    }

    private void kill(Drill drill, ManagedJob job, long passed) {
        if (job.status().isGloballyTerminalState()) {
            story.tell("Nothing is killed: the job has ended already.");
            return;
        }
        String killed =
                switch (options.kill()) {
                    case TASKMANAGER -> "the TaskManager of node 1";
                    case LEADER -> "the JobManager that leads";
                    case NODE -> "all of node 1";
                    case ALL -> "every process of the cluster";
                    case NOTHING -> "nothing";
                };
        story.tell(String.format(Locale.ROOT, "Killing %s, after %,d flights.", killed, passed));
        switch (options.kill()) {
            case TASKMANAGER -> drill.killTaskManager(1);
            case LEADER -> drill.killJobManager();
            case NODE -> drill.killNode(1);
            case ALL -> {
                drill.killAll();
                workspace.deleteHighAvailabilityData();
            }
            case NOTHING -> {}
        }
    }
}
