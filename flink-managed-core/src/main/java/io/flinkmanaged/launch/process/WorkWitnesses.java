package io.flinkmanaged.launch.process;

import io.flinkmanaged.flink.RestQuestions;
import io.flinkmanaged.launch.process.HungProcesses.Testimony;
import io.flinkmanaged.launch.process.HungProcesses.Witnesses;
import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.render.RenderedNode;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.security.ZooKeeperClientIdentity;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
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
 *       or it never led. While ZooKeeper knows its claim, it may be busy; that silence counts when the claim has gone.
 *   <li>A ZooKeeper peer has nobody beside itself. Its end costs nothing that its silence has not cost: what it knows is on
 *       its disk, and sessions go on with whoever serves next. One that answers, and belongs to no quorum, is missed: as long
 *       as it is, the loss of one more ends the cluster's.
 * </ul>
 */
final class WorkWitnesses implements Witnesses {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Testimony ALONE =
            Testimony.apart("it answers, and does not find the other peers of its quorum");

    private final EpochHome home;
    private final RestJobs jobs;
    private final Witness election;
    private final TimeSource time;

    WorkWitnesses(EpochHome home, RestJobs jobs, Witness election, TimeSource time) {
        this.time = time;
        this.home = home;
        this.jobs = jobs;
        this.election = election;
    }

    @Override
    public Map<Seat, Testimony> ask(Iterable<Seat> seats) {
        // The leader has all the time that the others take.
        CompletableFuture<Map<String, Long>> leader = jobs.taskManagers();
        long began = time.ticks();
        Map<Seat, Testimony> told = new TreeMap<>();
        for (Seat seat : seats) {
            RenderedNode node = home.node(seat.node());
            switch (seat.kind()) {
                case JOB_MANAGER -> told.put(seat, jobManager(node));
                case ZOOKEEPER -> told.put(seat, zooKeeper(node));
                case TASK_MANAGER -> {}
            }
        }
        Optional<Set<String>> registered = registered(leader, PATIENCE.toNanos() - (time.ticks() - began));
        for (Seat seat : seats) {
            if (seat.kind() == Kind.TASK_MANAGER) {
                told.put(seat, taskManager(seat.node(), registered));
            }
        }
        return told;
    }

    private static Optional<Set<String>> registered(CompletableFuture<Map<String, Long>> leader, long nanos) {
        try {
            return Optional.of(
                    leader.get(Math.max(0, nanos), TimeUnit.NANOSECONDS).keySet());
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
        return heard(
                () -> {
                    rest.requireAnswer(PATIENCE);
                    return Testimony.WORKS;
                },
                () -> claimOf(node.placement()));
    }

    private Testimony claimOf(NodePlacement silent) {
        Optional<Set<NodeId>> leaders = election.leaders(
                home.nodes().stream().map(RenderedNode::placement).toList());
        if (leaders.isEmpty()) {
            return Testimony.NONE;
        }
        return leaders.get().contains(silent.node())
                ? Testimony.silentOnly("its REST interface does not answer, and ZooKeeper knows its claim to lead")
                : Testimony.silent("its REST interface does not answer, and ZooKeeper knows no claim of it to lead");
    }

    private Testimony zooKeeper(RenderedNode node) {
        Optional<SSLContext> identity = home.security().zooKeeperClient().map(ZooKeeperClientIdentity::sslContext);
        return heard(
                () -> ZooKeeperPeer.belongsToAQuorum(home.zooKeeper(node), identity) ? Testimony.WORKS : ALONE,
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
            return question.ask();
        } catch (IOException e) {
            boolean nobodyAnswers = ExceptionUtils.findThrowable(e, SocketTimeoutException.class)
                            .isPresent()
                    // The network itself says, sooner or later than our patience ends, that nobody is there.
                    || ExceptionUtils.findThrowable(e, NoRouteToHostException.class)
                            .isPresent();
            return nobodyAnswers ? ifSilent.get() : Testimony.NONE;
        }
    }

    /** A question that a process answers, or not; the answer tells whether it works. */
    @FunctionalInterface
    interface Question {
        Testimony ask() throws IOException;
    }
}
