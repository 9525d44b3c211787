package io.flinkmanaged.launch.process;

import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.ProcessIdentity.Liveness;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.node.PreparedProcess;
import io.flinkmanaged.render.RenderedFile;
import io.flinkmanaged.render.RenderedNode;
import io.flinkmanaged.render.RenderedProcess;
import io.flinkmanaged.render.RenderedProcess.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.configuration.MemorySize;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JVMs that are prepared to take the place of a JobManager or a TaskManager whose loss nobody makes up for meanwhile: those of
 * a single node. (Of three nodes, two JobManagers stand by as it is, and TaskManagers have slots to spare.) A standby waits in
 * the memory that its host has to spare, {@link #NEEDS} and less; where that is not, there is none. In a small plan it waits
 * for the class-data archives, too: without them, what it has rehearsed would leave its metaspace no room for a job.
 *
 * <p>One is prepared when everything has lived for {@link #CALM}, one after the other, because its rehearsal takes seven seconds
 * of a processor. One that dies while it is prepared is tried again, less and less often.
 *
 * <p>Works on the time source's pool, one step at a time. Thread-safe.
 */
final class Standbys implements AutoCloseable {

    /** What one takes until it is needed, with room for its rehearsal. */
    static final MemorySize NEEDS = MemorySize.ofMebiBytes(512);

    static final Duration CALM = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Standbys.class);
    private static final Duration LOOK_PAUSE = Duration.ofSeconds(1);
    private static final List<Kind> KINDS = List.of(Kind.TASK_MANAGER, Kind.JOB_MANAGER);
    private static final int MOST_FAILURES = 5;
    private static final String NAME = "standby-";

    private final EpochHome home;
    private final NodeStart starts;
    private final NodeProcesses processes;
    private final TimeSource time;
    private final Map<Seat, Standby> standbys = new TreeMap<>();
    private TimeSource.@Nullable Cancellable nextLook;
    private long calmSince;
    private int numbered;
    private int failures;
    private boolean closed;

    Standbys(EpochHome home, NodeStart starts, NodeProcesses processes, TimeSource time) {
        this.home = home;
        this.starts = starts;
        this.processes = processes;
        this.time = time;
        this.calmSince = time.ticks();
    }

    /** Begins to prepare some, if nobody else would take over. */
    void start() {
        if (home.nodes().size() == 1) {
            lookLater();
        }
    }

    private synchronized void lookLater() {
        if (!closed && failures < MOST_FAILURES) {
            nextLook = time.delay(LOOK_PAUSE, () -> {
                CompletableFuture<Void> unused = CompletableFuture.runAsync(this::look, time.blocking())
                        .handle((done, failure) -> {
                            if (failure != null) {
                                LOG.debug("No process could be prepared.", failure);
                            }
                            lookLater();
                            return null;
                        });
            });
        }
    }

    private synchronized void look() {
        standbys.values().removeIf(this::isGone);
        long calm = CALM.toNanos() << failures;
        boolean busy = !processes.deaths().isEmpty() || time.ticks() - calmSince < calm;
        if (closed || busy || standbys.values().stream().anyMatch(standby -> !standby.isReady())) {
            return;
        }
        for (RenderedNode node : home.nodes()) {
            for (Kind kind : KINDS) {
                Seat seat = new Seat(node.placement().node(), kind);
                if (!standbys.containsKey(seat)) {
                    if (home.hostOf(node.placement()).hasFree(NEEDS) && starts.canRehearse(node, node.process(kind))) {
                        prepare(seat, node);
                    }
                    return;
                }
            }
        }
    }

    private boolean isGone(Standby standby) {
        boolean gone = standby.process.liveness() == Liveness.DEAD;
        if (gone) {
            failures++;
            calmSince = time.ticks();
            LOG.info("{} was prepared in vain: it ended.", standby.process.startedAs());
        }
        return gone;
    }

    private void prepare(Seat seat, RenderedNode node) {
        RenderedProcess process = node.process(seat.kind());
        String name = nextName(seat, node);
        Host host = home.hostOf(node.placement());
        Path place = node.placement().directory().resolve(name);
        try {
            host.put(node.placement().directory(), List.of(name), List.of());
            standbys.put(seat, new Standby(starts.prepare(node, process, name), host, place));
        } catch (IOException e) {
            failures++;
            LOG.info("{} could not be prepared: {}", place, e.toString());
        }
    }

    /** Not one that somebody has had: he may be what runs there now, and another library may have started him. */
    private String nextName(Seat seat, RenderedNode node) {
        Host host = home.hostOf(node.placement());
        String name;
        do {
            numbered++;
            name = seat.kind().directory() + "/" + NAME + numbered;
        } while (host.has(node.placement().directory().resolve(name).resolve(PreparedProcess.READY)));
        return name;
    }

    /** Notes that a process has taken its seat: it needs the processors now. */
    synchronized void noteStart() {
        calmSince = time.ticks();
    }

    /**
     * Has the one that is prepared for a seat begin.
     *
     * @return the process; empty if none is ready
     */
    synchronized Optional<HostProcess> begin(Seat seat) {
        Standby standby = standbys.get(seat);
        if (standby == null || !standby.isReady() || standby.process.liveness() == Liveness.DEAD) {
            return Optional.empty();
        }
        standbys.remove(seat);
        failures = 0;
        try {
            standby.host.put(
                    standby.place,
                    List.of(),
                    List.of(new RenderedFile(
                            PreparedProcess.BEGIN,
                            RenderedFile.PRIVATE,
                            time.now().toString())));
            return Optional.of(standby.process);
        } catch (IOException e) {
            LOG.info("{} could not be told to begin: {}", standby.place, e.toString());
            List<HostProcess> unused = Ending.end(List.of(standby.process), Duration.ZERO);
            return Optional.empty();
        }
    }

    /** Returns whether a process that was found has begun, and is no standby any more. */
    static boolean hasBegun(HostProcess process, Host host) {
        return host.has(Path.of(process.startedAs()).resolve(PreparedProcess.BEGIN));
    }

    /**
     * Returns from when on a process has done its part: its start, or when it was told to begin; empty if it waits to be told,
     * or that is not known any more.
     */
    static Optional<Instant> began(HostProcess process, Host host) {
        if (!Path.of(process.startedAs()).getFileName().toString().startsWith(NAME)) {
            return process.startedAt();
        }
        return hasBegun(process, host) ? told(process, host).or(process::startedAt) : Optional.empty();
    }

    private static Optional<Instant> told(HostProcess process, Host host) {
        try {
            return host.tail(Path.of(process.startedAs()).resolve(PreparedProcess.BEGIN), 1).stream()
                    .map(Instant::parse)
                    .findFirst();
        } catch (DateTimeParseException e) {
            // Whoever told it died over that.
            return Optional.empty();
        }
    }

    /** Ends all that wait. */
    synchronized void end() {
        List<HostProcess> waiting = new ArrayList<>();
        standbys.values().forEach(standby -> waiting.add(standby.process));
        standbys.clear();
        List<HostProcess> unused = Ending.end(waiting, Duration.ZERO);
    }

    /** Ends all that wait, and prepares none any more. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (nextLook != null) {
                nextLook.cancel();
            }
        }
        end();
    }

    private record Standby(HostProcess process, Host host, Path place) {

        boolean isReady() {
            return host.has(place.resolve(PreparedProcess.READY));
        }
    }
}
