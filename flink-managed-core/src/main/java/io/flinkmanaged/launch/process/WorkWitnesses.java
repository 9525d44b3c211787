package io.flinkmanaged.launch.process;

import io.flinkmanaged.flink.RestQuestions;
import io.flinkmanaged.launch.process.HungProcesses.Testimony;
import io.flinkmanaged.launch.process.HungProcesses.Witnesses;
import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.render.RenderedNode;
import io.flinkmanaged.security.ZooKeeperClientIdentity;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.flink.util.ExceptionUtils;

/**
 * Who knows whether the processes of an epoch work.
 *
 * <ul>
 *   <li>Of a TaskManager the leader does: one that has sent no heartbeat for long is struck off, with its tasks. If nobody
 *       leads, nothing is known of any.
 *   <li>A JobManager is silent if its REST interface is, and ZooKeeper says that it does not lead: its session has ended,
 *       or it never led. One that leads is busy at most.
 *   <li>A ZooKeeper peer has nobody beside itself. Its end costs nothing that its silence has not cost: what it knows is on
 *       its disk, and sessions go on with whoever serves next.
 * </ul>
 */
final class WorkWitnesses implements Witnesses {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final EpochHome home;
    private final RestJobs jobs;
    private final Witness election;

    WorkWitnesses(EpochHome home, RestJobs jobs, Witness election) {
        this.home = home;
        this.jobs = jobs;
        this.election = election;
    }

    @Override
    public Map<Seat, Testimony> ask(Iterable<Seat> seats) {
        Optional<Set<String>> registered = registered();
        Map<Seat, Testimony> told = new TreeMap<>();
        for (Seat seat : seats) {
            RenderedNode node = home.node(seat.node());
            told.put(
                    seat,
                    switch (seat.kind()) {
                        case TASK_MANAGER -> taskManager(seat.node(), registered);
                        case JOB_MANAGER -> jobManager(node);
                        case ZOOKEEPER -> zooKeeper(node);
                    });
        }
        return told;
    }

    private Optional<Set<String>> registered() {
        try {
            return Optional.of(jobs.taskManagers()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .keySet());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            // Nobody leads, or the leader is busy.
            return Optional.empty();
        }
    }

    private static Testimony taskManager(NodeId node, Optional<Set<String>> registered) {
        if (registered.isEmpty()) {
            return Testimony.NONE;
        }
        return registered.get().contains(node.toString())
                ? Testimony.WORKS
                : Testimony.silent("the leader has struck it off and it does not come back");
    }

    private Testimony jobManager(RenderedNode node) {
        RestQuestions rest = new RestQuestions(home.rest(node), home.security().restContext());
        return heard(() -> rest.requireAnswer(PATIENCE), () -> claimOf(node.placement()));
    }

    private Testimony claimOf(NodePlacement silent) {
        Optional<Set<NodeId>> leaders = election.leaders(
                home.nodes().stream().map(RenderedNode::placement).toList());
        return leaders.isEmpty() || leaders.get().contains(silent.node())
                ? Testimony.NONE
                : Testimony.silent("its REST interface does not answer, and ZooKeeper knows no claim of it to lead");
    }

    private Testimony zooKeeper(RenderedNode node) {
        Optional<SSLContext> identity = home.security().zooKeeperClient().map(ZooKeeperClientIdentity::sslContext);
        return heard(
                () -> ZooKeeperPeer.requireAnswer(home.zooKeeper(node), identity),
                () -> Testimony.silent("it does not answer its clients"));
    }

    /**
     * Asks a process itself. Who hangs lets everybody wait; who refuses, be it because this library shows a certificate that
     * has ended, does something, and nothing follows.
     *
     * @param question throws if it is not answered
     * @param ifSilent asked if the process lets us wait
     */
    static Testimony heard(Question question, Supplier<Testimony> ifSilent) {
        try {
            question.ask();
            return Testimony.WORKS;
        } catch (IOException e) {
            boolean nobodyAnswers = ExceptionUtils.findThrowable(e, SocketTimeoutException.class)
                            .isPresent()
                    // The network itself says, sooner or later than our patience ends, that nobody is there.
                    || ExceptionUtils.findThrowable(e, NoRouteToHostException.class)
                            .isPresent();
            return nobodyAnswers ? ifSilent.get() : Testimony.NONE;
        }
    }

    /** A question that a process answers, or not. */
    @FunctionalInterface
    interface Question {
        void ask() throws IOException;
    }
}
