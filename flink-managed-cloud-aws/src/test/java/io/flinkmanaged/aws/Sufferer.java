package io.flinkmanaged.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.event.ClusterEvent.JobInterrupted;
import io.flinkmanaged.event.ClusterEvent.JobRunning;
import io.flinkmanaged.event.ClusterEvent.ProcessRestarted;
import io.flinkmanaged.event.ClusterEvent.TaskManagerReplaced;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.supervise.Incident;
import io.flinkmanaged.supervise.Incident.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.core.ThrowingRunnable;

/** A cluster with a job that suffers one fault after the other; what became of each is noted in a table. */
final class Sufferer {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final long NOT_TOLD = -1;
    private static final Set<Class<? extends ClusterEvent>> ACTIONS =
            Set.of(TaskManagerReplaced.class, ProcessRestarted.class, EpochStarted.class);

    private final Way way;
    private final ManagedCluster cluster;
    private final ManagedJob job;
    private final FaultTable table;
    private final SettableClock clock;
    private final Callable<Boolean> prepared;
    private final Queue<ClusterEvent> events = new ConcurrentLinkedQueue<>();
    private Map<Class<? extends ClusterEvent>, Integer> wanted = Map.of();

    /**
     * Suffers nothing yet.
     *
     * @param clock the library's
     * @param prepared whether all is there that should be when the next fault comes
     */
    Sufferer(
            Way way,
            ManagedCluster cluster,
            ManagedJob job,
            FaultTable table,
            SettableClock clock,
            Callable<Boolean> prepared) {
        this.clock = clock;
        this.prepared = prepared;
        this.way = way;
        this.cluster = cluster;
        this.job = job;
        this.table = table;
        AutoCloseable unused = cluster.onEvent(events::add);
    }

    /**
     * Suffers a fault, and is to be healed by one action.
     *
     * @param action what is to be done, once, and nothing else
     * @param fault inflicts it; returns when nothing stands in the way of healing any more
     * @return whether the job suffered, too
     */
    boolean suffers(String name, Class<? extends ClusterEvent> action, ThrowingRunnable fault) throws Throwable {
        return suffers(name, Map.of(action, 1), fault);
    }

    /**
     * Suffers a fault, and is to be healed by several actions.
     *
     * @param actions what is to be done, how often, and nothing else
     */
    boolean suffers(String name, Map<Class<? extends ClusterEvent>, Integer> actions, ThrowingRunnable fault)
            throws Throwable {
        long before = settle();
        wanted = actions;
        Instant begun = Instant.now();
        fault.run();
        // If the fault sets the clock, that comes first.
        Instant at = clock.at(begun);
        List<Incident> incidents = healed(before);
        assertThat(actions()).as("%s, %s: %s", way, name, incidents).isEqualTo(actions);
        table.note(
                name,
                way,
                words(actions.keySet()) + "; detected "
                        + after(at, incidents.get(0).timeline().detected()) + ", "
                        + (interrupted() ? "the job runs " + after(at, jobRuns()) + ", " : "the job goes on, ")
                        + "all runs "
                        + after(at, latest(incidents, Timeline::running).orElseThrow())
                        + latest(incidents, Timeline::caughtUp)
                                .map(caughtUp -> ", caught up " + after(at, caughtUp))
                                .orElse(""));
        return interrupted();
    }

    /**
     * Suffers a fault that keeps coming back until it is over: whatever is done meanwhile, no new epoch is begun, and all is well
     * afterwards.
     *
     * @param fault inflicts it; returns when it is over
     */
    void outlasts(String name, ThrowingRunnable fault) throws Throwable {
        long before = settle();
        fault.run();
        Instant over = clock.instant();
        cluster.awaitHealthy(PATIENCE);
        await().atMost(PATIENCE).pollInterval(LOOK).until(() -> since(before).stream()
                .noneMatch(Incident::open));
        // A JobManager that is put back counts from nought.
        long completed = completed();
        await().atMost(PATIENCE).pollInterval(LOOK).until(() -> completed() > completed);
        Instant checkpoint = clock.instant();
        List<Incident> incidents = since(before);
        wanted = actions();
        assertThat(wanted).as("%s, %s: %s", way, name, incidents).doesNotContainKey(EpochStarted.class);
        table.note(
                name,
                way,
                (wanted.isEmpty() ? "nothing" : times(wanted))
                        + (interrupted() ? ", the job is interrupted; " : ", the job goes on; ")
                        + latest(incidents, Timeline::running)
                                .filter(over::isBefore)
                                .map(running -> "all runs " + after(over, running) + ", ")
                                .orElse("")
                        + "the next checkpoint is complete " + after(over, checkpoint) + " after the end");
    }

    /** Suffers a fault that its jobs can do without being healed of: nothing is to be done. */
    void bears(String name, ThrowingRunnable fault) throws Throwable {
        long before = settle();
        wanted = Map.of();
        long completed = completed();
        fault.run();
        Instant over = Instant.now();
        await().atMost(PATIENCE).pollInterval(LOOK).until(() -> completed() > completed);
        assertThat(actions()).as("%s, %s", way, name).isEmpty();
        assertThat(interrupted()).isFalse();
        assertThat(number()).isEqualTo(before);
        table.note(
                name,
                way,
                "nothing, the job goes on; the next checkpoint is complete " + after(over, Instant.now())
                        + " after the end");
    }

    /** Waits until the last fault is forgotten, and no action came late; returns the number of the newest incident. */
    private long settle() {
        cluster.awaitHealthy(PATIENCE);
        await().atMost(PATIENCE).pollInterval(LOOK).until(prepared);
        await().atMost(PATIENCE).pollInterval(LOOK).until(() -> completed() > NOT_TOLD);
        long completed = completed();
        await().atMost(PATIENCE).pollInterval(LOOK).until(() -> completed() >= completed + 3);
        cluster.awaitHealthy(PATIENCE);
        assertThat(actions())
                .as("%s, long after the last fault: %s", way, cluster.incidents())
                .isEqualTo(wanted);
        events.clear();
        return number();
    }

    /** After a loss in ZooKeeper, leaders are elected again, and nobody answers for a moment. */
    private long completed() {
        try {
            return job.progress().completedCheckpoints();
        } catch (ManagedFlinkException e) {
            if (e.isRetryable()) {
                return NOT_TOLD;
            }
            throw e;
        }
    }

    private boolean interrupted() {
        return events.stream()
                .anyMatch(event -> event instanceof EpochStarted
                        || (event instanceof JobInterrupted interrupted
                                && interrupted.job().equals(job.name())));
    }

    private long number() {
        return cluster.incidents().stream().mapToLong(Incident::number).max().orElse(0);
    }

    /** Returns the incidents since one, the oldest first, when all is done, each is closed, and all has been caught up with. */
    private List<Incident> healed(long before) {
        await().atMost(PATIENCE).pollInterval(LOOK).untilAsserted(() -> {
            List<Incident> since = since(before);
            wanted.forEach((action, times) -> assertThat(actions().getOrDefault(action, 0))
                    .as("%s: %s; then came %s", action, since, events)
                    .isGreaterThanOrEqualTo(times));
            assertThat(since).as("incidents; then came %s", events).isNotEmpty().noneMatch(Incident::open);
            if (interrupted()) {
                assertThat(latest(since, Timeline::caughtUp)).as("%s", since).isPresent();
            }
        });
        return since(before);
    }

    private List<Incident> since(long before) {
        return cluster.incidents().stream()
                .filter(incident -> incident.number() > before)
                .sorted((one, other) -> Long.compare(one.number(), other.number()))
                .toList();
    }

    /** Which were taken, and how often. */
    private Map<Class<? extends ClusterEvent>, Integer> actions() {
        Map<Class<? extends ClusterEvent>, Integer> taken = new HashMap<>();
        events.stream()
                .filter(event -> ACTIONS.contains(event.getClass()))
                .forEach(event -> taken.merge(event.getClass(), 1, Integer::sum));
        return taken;
    }

    private Instant jobRuns() {
        return events.stream()
                .filter(event ->
                        event instanceof JobRunning running && running.job().equals(job.name()))
                .map(ClusterEvent::at)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static Optional<Instant> latest(List<Incident> incidents, Function<Timeline, Optional<Instant>> step) {
        return incidents.stream()
                .flatMap(incident -> step.apply(incident.timeline()).stream())
                .max(Comparator.naturalOrder());
    }

    private static String words(Set<Class<? extends ClusterEvent>> actions) {
        return actions.stream().map(Sufferer::word).sorted().collect(Collectors.joining(", "));
    }

    private static String times(Map<Class<? extends ClusterEvent>, Integer> actions) {
        return actions.entrySet().stream()
                .map(action -> word(action.getKey()) + " " + action.getValue() + "×")
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static String word(Class<? extends ClusterEvent> action) {
        if (action == TaskManagerReplaced.class) {
            return "TaskManager replaced";
        }
        return action == ProcessRestarted.class ? "process restarted" : "new epoch";
    }

    private static String after(Instant from, Instant to) {
        assertThat(Duration.between(from, to)).isBetween(Duration.ZERO, PATIENCE);
        return String.format(Locale.ROOT, "%.1f s", Duration.between(from, to).toMillis() / 1e3);
    }
}
