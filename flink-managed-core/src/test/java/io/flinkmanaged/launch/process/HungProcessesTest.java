package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.launch.HungProcess;
import io.flinkmanaged.launch.SilentProcess;
import io.flinkmanaged.launch.process.HungProcesses.Testimony;
import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.ProcessIdentity.Liveness;
import io.flinkmanaged.render.RenderedProcess.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HungProcessesTest {

    private static final Duration ROUND = Duration.ofSeconds(3);
    private static final Duration LONG = ROUND.multipliedBy(HungProcesses.SILENT_ROUNDS);
    private static final Seat TASK_MANAGER = new Seat(new NodeId(1), Kind.TASK_MANAGER);

    private final ManualTime time = new ManualTime();
    private final Map<Seat, HostProcess> living = new TreeMap<>();
    private Testimony told = Testimony.WORKS;
    private Testimony toldOfZooKeeper = Testimony.WORKS;
    private boolean broken;
    private boolean remote;
    private int asked;
    private final HungProcesses hung = new HungProcesses(
            time,
            () -> Map.copyOf(living),
            seats -> {
                asked++;
                if (broken) {
                    throw new IllegalStateException("the witness is out");
                }
                Map<Seat, Testimony> all = new TreeMap<>();
                seats.forEach(seat -> all.put(seat, seat.kind() == Kind.ZOOKEEPER ? toldOfZooKeeper : told));
                return all;
            },
            node -> remote);

    @BeforeEach
    void start() {
        living.put(TASK_MANAGER, new Started("first"));
        hung.start(Set.of());
    }

    @Test
    void oneThatHasWorkedAndIsSilentForLongHangs() {
        time.pass(ROUND);
        told = Testimony.silent("the leader has struck it off");
        time.pass(ROUND);
        Instant since = time.now();
        time.pass(LONG.minus(ROUND).minusNanos(1));
        assertThat(hung.known()).isEmpty();
        time.pass(ROUND);
        assertThat(hung.known())
                .containsExactly(
                        new HungProcess(new NodeId(1), Kind.TASK_MANAGER, since, "the leader has struck it off"));
    }

    @Test
    void aNodeOnAnotherMachineThatIsSilentAsAWholeIsCutOff() {
        theNodeIsRemoteAndHasAPeer();
        toldOfZooKeeper = Testimony.silent("it does not answer its clients");
        told = Testimony.NONE;
        time.pass(LONG);
        assertThat(hung.known()).isEmpty();
        assertThat(hung.cutOff()).containsExactly(new NodeId(1));

        told = Testimony.WORKS;
        time.pass(ROUND);
        assertThat(hung.cutOff()).isEmpty();
        time.pass(LONG);
        assertThat(hung.known()).as("it needs time to find the others again").isEmpty();
        time.pass(LONG.multipliedBy(2));
        assertThat(hung.known()).extracting(HungProcess::kind).containsExactly(Kind.ZOOKEEPER);
    }

    private void theNodeIsRemoteAndHasAPeer() {
        remote = true;
        living.put(new Seat(new NodeId(1), Kind.ZOOKEEPER), new Started("third"));
        time.pass(ROUND);
    }

    /** A leader that was cut off with it knows it yet, and is asked, when its host is back. */
    @Test
    void oneThatWasCutOffKeepsItsTimeWhateverIsSaidOfItMeanwhile() {
        theNodeIsRemoteAndHasAPeer();
        toldOfZooKeeper = Testimony.silent("it does not answer its clients");
        told = Testimony.silent("the leader has struck it off");
        time.pass(LONG.multipliedBy(3));
        assertThat(hung.cutOff()).containsExactly(new NodeId(1));

        toldOfZooKeeper = Testimony.WORKS;
        told = Testimony.WORKS;
        time.pass(ROUND);
        told = Testimony.silent("the leader has struck it off");
        time.pass(LONG.multipliedBy(2));
        assertThat(hung.known()).isEmpty();
        time.pass(LONG.multipliedBy(3));
        assertThat(hung.known()).extracting(HungProcess::kind).containsExactly(Kind.TASK_MANAGER);
    }

    @Test
    void oneThatIsCutOffAgainAndAgainHasAsMuchTimeAsAllOfItTook() {
        theNodeIsRemoteAndHasAPeer();
        told = Testimony.silent("the leader has struck it off");
        for (int cut = 0; cut < 3; cut++) {
            toldOfZooKeeper = Testimony.silent("it does not answer its clients");
            time.pass(LONG);
            assertThat(hung.cutOff()).containsExactly(new NodeId(1));
            toldOfZooKeeper = Testimony.WORKS;
            time.pass(ROUND);
            assertThat(hung.cutOff()).isEmpty();
            assertThat(hung.silent()).extracting(SilentProcess::kind).containsExactly(Kind.TASK_MANAGER);
        }
        time.pass(LONG.multipliedBy(3));
        assertThat(hung.known()).isEmpty();
        time.pass(LONG.multipliedBy(2));
        assertThat(hung.known()).extracting(HungProcess::kind).containsExactly(Kind.TASK_MANAGER);
        assertThat(hung.silent()).isEmpty();
    }

    /** A ZooKeeper peer that answers and does not find the others. */
    @Test
    void oneThatAnswersAndIsApartIsMissedAndNeverHangs() {
        time.pass(ROUND);
        told = Testimony.silent("it does not answer its clients");
        time.pass(LONG.minus(ROUND));
        told = Testimony.apart("it belongs to no quorum");
        time.pass(LONG.multipliedBy(100));
        assertThat(hung.known()).isEmpty();
        assertThat(hung.silent())
                .containsExactly(new SilentProcess(new NodeId(1), Kind.TASK_MANAGER, "it belongs to no quorum"));

        told = Testimony.WORKS;
        time.pass(ROUND);
        assertThat(hung.silent()).isEmpty();
    }

    @Test
    void oneThatIsOnlyStartingDoesNotHang() {
        told = Testimony.silent("not there yet");
        time.pass(LONG.multipliedBy(10));
        assertThat(hung.known()).isEmpty();
    }

    @Test
    void oneThatIsNeverHeardStartsForFiveMinutesAtMost() {
        told = Testimony.silent("an embedder that went before may have known it");
        time.pass(ROUND.multipliedBy(HungProcesses.LONGEST_START));
        assertThat(hung.known()).isEmpty();
        time.pass(LONG);
        assertThat(hung.known()).extracting(HungProcess::kind).containsExactly(Kind.TASK_MANAGER);
    }

    @Test
    void oneThatIsKnownToWorkNeedNotBeHeardAgainToBeMissed() {
        try (HungProcesses afterLaunch = new HungProcesses(
                time,
                () -> Map.copyOf(living),
                seats -> Map.of(TASK_MANAGER, Testimony.silent("cut off right after the launch")),
                node -> true)) {
            afterLaunch.start(Set.of(TASK_MANAGER));
            time.pass(LONG);
            assertThat(afterLaunch.cutOff()).containsExactly(new NodeId(1));
        }
    }

    @Test
    void itsSuccessorStartsWithItsOwnPatience() {
        time.pass(ROUND);
        told = Testimony.silent("silent");
        time.pass(LONG);
        assertThat(hung.known()).hasSize(1);
        living.put(TASK_MANAGER, new Started("second"));
        time.pass(LONG.multipliedBy(10));
        assertThat(hung.known()).isEmpty();
    }

    @Test
    void aWordOfItAndATimeInWhichNobodyKnowsBeginTheWaitingAnew() {
        time.pass(ROUND);
        for (Testimony between : new Testimony[] {Testimony.WORKS, Testimony.NONE}) {
            told = Testimony.silent("silent");
            time.pass(LONG.minus(ROUND));
            told = between;
            time.pass(ROUND);
            told = Testimony.silent("silent");
            time.pass(LONG.minus(ROUND));
            assertThat(hung.known()).isEmpty();
            told = Testimony.WORKS;
            time.pass(ROUND);
        }
    }

    @Test
    void silenceCountsWhileAnotherWitnessSpeaksForItAndProvesNothing() {
        time.pass(ROUND);
        told = Testimony.silentOnly("ZooKeeper knows its claim to lead");
        time.pass(LONG.multipliedBy(2));
        assertThat(hung.known()).isEmpty();
        assertThat(hung.silent()).extracting(SilentProcess::kind).containsExactly(Kind.TASK_MANAGER);
        told = Testimony.silent("ZooKeeper knows no claim of it to lead");
        time.pass(ROUND);
        assertThat(hung.known()).extracting(HungProcess::kind).containsExactly(Kind.TASK_MANAGER);
    }

    @Test
    void aFailureOfAWitnessEndsNothing() {
        time.pass(ROUND);
        broken = true;
        time.pass(LONG.multipliedBy(2));
        assertThat(hung.known()).isEmpty();
        broken = false;
        told = Testimony.silent("silent");
        time.pass(LONG);
        assertThat(hung.known()).hasSize(1);
    }

    @Test
    void nobodyIsAskedAfterItsClose() {
        time.pass(ROUND);
        hung.close();
        int before = asked;
        time.pass(LONG);
        assertThat(asked).isEqualTo(before);
        assertThat(time.waiting()).isZero();
    }

    /** A process that lives. */
    private record Started(String id) implements HostProcess {

        @Override
        public String startedAs() {
            return "/node-1/taskmanager";
        }

        @Override
        public Optional<Instant> startedAt() {
            return Optional.empty();
        }

        @Override
        public Liveness liveness() {
            return Liveness.ALIVE;
        }

        @Override
        public CompletableFuture<OptionalInt> whenEnded() {
            return new CompletableFuture<>();
        }

        @Override
        public void end(boolean forcibly) {}

        @Override
        public void hang() {}
    }
}
