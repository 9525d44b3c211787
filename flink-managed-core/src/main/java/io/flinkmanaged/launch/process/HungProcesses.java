package io.flinkmanaged.launch.process;

import io.flinkmanaged.launch.HungProcess;
import io.flinkmanaged.launch.SilentProcess;
import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.ProcessIdentity.Liveness;
import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which processes live and do nothing any more. One hangs that has worked, and of whose work no witness knew
 * {@value #SILENT_ROUNDS} times in a row, every three seconds: longer than Flink itself waits for anybody. They
 * are rounds and not a time, so that a machine that slept takes nobody for hung. While one witness of several still speaks
 * for it, the rounds count, and it is not taken for hung.
 *
 * <p>A node on another machine of which no process says a word is not taken for hung but for cut off: it may work well, and
 * only the network is to blame.
 *
 * <p>Asks on the time source's pool, one round at a time. Thread-safe; never blocks.
 */
final class HungProcesses implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HungProcesses.class);

    static final int SILENT_ROUNDS = 4;
    /** Five minutes and more: nobody waits longer for one that starts. */
    static final int LONGEST_START = 100;
    /** More than two minutes. */
    private static final int LONGEST_GRACE = 40;

    private static final Duration ASK_EVERY = Duration.ofSeconds(3);

    private final TimeSource time;
    private final Supplier<Map<Seat, HostProcess>> living;
    private final Witnesses witnesses;
    private final Predicate<NodeId> canBeCutOff;
    private final Map<Seat, Silence> silences = new TreeMap<>();
    private Set<NodeId> quiet = Set.of();
    private boolean closed;
    private TimeSource.@Nullable Cancellable nextRound;

    /**
     * Creates one that does not ask yet.
     *
     * @param time its time and threads
     * @param living who is not known to be dead
     * @param witnesses who is asked
     * @param canBeCutOff whether a network lies between a node and this machine
     */
    HungProcesses(
            TimeSource time,
            Supplier<Map<Seat, HostProcess>> living,
            Witnesses witnesses,
            Predicate<NodeId> canBeCutOff) {
        this.time = time;
        this.living = living;
        this.witnesses = witnesses;
        this.canBeCutOff = canBeCutOff;
    }

    /**
     * Begins to ask, until it is closed.
     *
     * @param working those whose work was seen already, so that one that falls silent before the first round is missed;
     *     of others, one is heard first, or {@value #LONGEST_START} rounds pass
     */
    void start(Set<Seat> working) {
        Map<Seat, HostProcess> processes = living.get();
        synchronized (this) {
            processes.forEach((seat, process) -> {
                if (working.contains(seat)) {
                    silences.put(seat, new Silence(process, true, time.ticks()));
                }
            });
        }
        askLater();
    }

    /** Returns those that are known by now. */
    synchronized List<HungProcess> known() {
        List<HungProcess> hung = new ArrayList<>();
        silences.forEach((seat, silence) -> {
            if (silence.isLong() && !quiet.contains(seat.node())) {
                hung.add(new HungProcess(seat.node(), seat.kind(), silence.since, silence.evidence));
            }
        });
        return hung;
    }

    /** Returns those that were silent, or apart, more than once, and are not known to hang or to be cut off. */
    synchronized List<SilentProcess> silent() {
        List<NodeId> cutOff = cutOff();
        List<SilentProcess> silent = new ArrayList<>();
        silences.forEach((seat, silence) -> {
            if (silence.inARow > 1
                    && !silence.isLong()
                    && !cutOff.contains(seat.node())
                    && silence.process.liveness() != Liveness.DEAD) {
                silent.add(new SilentProcess(seat.node(), seat.kind(), silence.evidence));
            }
        });
        return silent;
    }

    /** Returns the nodes that nobody hears of by now. */
    synchronized List<NodeId> cutOff() {
        return silences.entrySet().stream()
                .filter(entry -> entry.getValue().isMissedForLong())
                .map(entry -> entry.getKey().node())
                .distinct()
                .filter(quiet::contains)
                .toList();
    }

    /** Returns the nodes behind a network of which no process was heard in the last round. */
    private Set<NodeId> quietNow() {
        Set<NodeId> nodes = new HashSet<>();
        silences.keySet().stream().map(Seat::node).filter(canBeCutOff).forEach(nodes::add);
        silences.forEach((seat, silence) -> {
            if (silence.last.isHeard()) {
                nodes.remove(seat.node());
            }
        });
        return nodes;
    }

    private synchronized void askLater() {
        if (!closed) {
            nextRound = time.delay(ASK_EVERY, () -> {
                CompletableFuture<Void> unused = CompletableFuture.runAsync(this::ask, time.blocking())
                        .handle((done, failure) -> {
                            if (failure != null) {
                                LOG.debug("Whether processes work could not be asked.", failure);
                            }
                            askLater();
                            return null;
                        });
            });
        }
    }

    private void ask() {
        Map<Seat, HostProcess> asked = living.get();
        Map<Seat, Testimony> told = witnesses.ask(asked.keySet());
        synchronized (this) {
            silences.keySet().retainAll(asked.keySet());
            asked.forEach((seat, process) -> {
                Silence silence = silences.get(seat);
                if (silence == null || !silence.process.id().equals(process.id())) {
                    silence = new Silence(process, false, time.ticks());
                    silences.put(seat, silence);
                }
                Testimony testimony = told.getOrDefault(seat, Testimony.NONE);
                if (silence.last != testimony.verdict()) {
                    LOG.debug("{}: {} {}", seat, testimony.verdict(), testimony.evidence());
                }
                silence.note(testimony, time.now(), time.ticks());
            });
            noteQuiet();
        }
    }

    private void noteQuiet() {
        Set<NodeId> before = quiet;
        quiet = quietNow();
        silences.forEach((seat, silence) -> {
            if (before.contains(seat.node()) && !quiet.contains(seat.node())) {
                silence.giveTime(time.ticks());
            }
        });
    }

    /** A round that has begun ends by itself, and changes nothing any more. */
    @Override
    public synchronized void close() {
        closed = true;
        if (nextRound != null) {
            nextRound.cancel();
        }
    }

    /** Those who know whether processes work. */
    @FunctionalInterface
    interface Witnesses {

        /**
         * Asks about processes; blocks for some seconds at most.
         *
         * @param seats whose
         * @return what is known; nothing of those of whom nothing can be known now
         */
        Map<Seat, Testimony> ask(Iterable<Seat> seats);
    }

    /**
     * What is known of a process.
     *
     * @param verdict whether it works
     * @param evidence who says so; empty unless it is silent or apart
     */
    record Testimony(Verdict verdict, String evidence) {

        static final Testimony WORKS = new Testimony(Verdict.WORKS, "");
        static final Testimony NONE = new Testimony(Verdict.UNKNOWN, "");

        static Testimony silent(String evidence) {
            return new Testimony(Verdict.SILENT, evidence);
        }

        static Testimony silentOnly(String evidence) {
            return new Testimony(Verdict.SILENT_ONLY, evidence);
        }

        static Testimony apart(String evidence) {
            return new Testimony(Verdict.APART, evidence);
        }
    }

    /** Whether a process works. */
    enum Verdict {
        /** It was seen to work. */
        WORKS,
        /** It should, and does not. */
        SILENT,
        /** It does not answer, and another witness speaks for it yet: that counts as silence, and proves nothing. */
        SILENT_ONLY,
        /** It answers, so it does not hang, and has no part in what the others of its kind do. */
        APART,
        /** Nobody can tell, and nothing follows. */
        UNKNOWN;

        private boolean isHeard() {
            return this == WORKS || this == APART;
        }

        private boolean isMissed() {
            return this == SILENT || this == SILENT_ONLY || this == APART;
        }
    }

    private static final class Silence {
        private final HostProcess process;
        private long heardTicks;
        /** How long nobody had heard of it when it was heard last. */
        private long unheardTicks;

        private Verdict last = Verdict.UNKNOWN;
        private int inARow;
        private boolean hasWorked;
        private int roundsOfStart;
        private int rounds;
        private Instant since = Instant.EPOCH;
        private String evidence = "";

        Silence(HostProcess process, boolean hasWorked, long nowTicks) {
            this.process = process;
            this.heardTicks = nowTicks;
            this.hasWorked = hasWorked;
        }

        /**
         * Who was cut off needs about as long again as nobody has heard of it, be it in several cuts, to find the others: TCP,
         * which has tried in vain all the time, doubles its pauses up to two minutes.
         */
        void giveTime(long nowTicks) {
            long unheard = last.isHeard() ? unheardTicks : nowTicks - heardTicks;
            long asLongAgain = unheard / ASK_EVERY.toNanos() + 1;
            rounds = -(int) Math.min(asLongAgain, LONGEST_GRACE);
        }

        boolean isLong() {
            return rounds >= SILENT_ROUNDS && last == Verdict.SILENT && process.liveness() != Liveness.DEAD;
        }

        /** Whatever time it was given: a host may be cut off again. */
        boolean isMissedForLong() {
            return hasWorked && inARow >= SILENT_ROUNDS && last == Verdict.SILENT;
        }

        /** Who has never worked is only starting, for as long as a start can take. */
        void note(Testimony testimony, Instant now, long nowTicks) {
            last = testimony.verdict();
            if (last.isHeard()) {
                hasWorked = true;
                unheardTicks = nowTicks - heardTicks;
                heardTicks = nowTicks;
                // One good word takes back no time that was given: a leader that was cut off, too, may have said it.
                rounds = Math.min(rounds + 1, 0);
            }
            hasWorked |= ++roundsOfStart > LONGEST_START;
            if (!last.isMissed()) {
                inARow = 0;
                rounds = Math.min(rounds, 0);
                return;
            }
            if (++inARow == 1 || last.isHeard()) {
                since = now;
            }
            evidence = testimony.evidence();
            if (hasWorked && !last.isHeard()) {
                rounds++;
            }
        }
    }
}
