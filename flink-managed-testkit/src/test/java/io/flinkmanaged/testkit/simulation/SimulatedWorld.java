package io.flinkmanaged.testkit.simulation;

import io.flinkmanaged.journal.JournalRecord;
import io.flinkmanaged.launch.JobObservation;
import io.flinkmanaged.model.JobName;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.testkit.InMemoryStorage;
import io.flinkmanaged.testkit.UnreliableJournal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is there when a library has died: the journal, the storage, the processes of a cluster, and who judges all of it. */
final class SimulatedWorld {

    private final VirtualTime time;
    private final InMemoryStorage storage;
    private final StateStorage opened;
    private final UnreliableJournal journal = new UnreliableJournal();
    private final Invariants invariants;
    private final SimulatedLauncher launcher;
    private final ClusterSpec spec;
    private final List<String> history = new ArrayList<>();
    private volatile ClusterSpec inForce;

    /** Creates one without a cluster; time and storage are closed by the caller. */
    SimulatedWorld(VirtualTime time, InMemoryStorage storage, StateStorage opened) {
        this.time = time;
        this.storage = storage;
        this.opened = opened;
        this.invariants = new Invariants(time);
        this.launcher = new SimulatedLauncher(time, invariants);
        launcher.outliveLibraries();
        this.spec = ClusterSpec.named("simulated")
                .plan(Plans.THREE_NODE_4GB)
                .taskSlots(2)
                .checkpoints(Checkpointing.every(Duration.ofSeconds(10)).to(storage.location()))
                .build();
        this.inForce = spec;
    }

    VirtualTime time() {
        return time;
    }

    InMemoryStorage storage() {
        return storage;
    }

    StateStorage opened() {
        return opened;
    }

    UnreliableJournal journal() {
        return journal;
    }

    Invariants invariants() {
        return invariants;
    }

    SimulatedLauncher launcher() {
        return launcher;
    }

    /** Returns the spec that the cluster began with. */
    ClusterSpec spec() {
        return spec;
    }

    ClusterSpec inForce() {
        return inForce;
    }

    void putInForce(ClusterSpec next) {
        inForce = next;
    }

    List<String> history() {
        return List.copyOf(history);
    }

    void note(String line) {
        history.add(Duration.ofNanos(time.ticks()) + " " + line);
    }

    /** What the operating system would tell of the process of a library that has died; what its people wanted died with it. */
    void buryTheDead() {
        invariants.renewing(false);
        for (String record : opened.children(spec.name() + "/epochs")) {
            String path = spec.name() + "/epochs/" + record;
            opened.read(path).ifPresent(text -> opened.write(path, dead(text)));
        }
        Optional<JournalRecord> lease = journal.read("lease");
        lease.ifPresent(held -> {
            boolean unused = journal.compareAndSet("lease", held.version(), dead(held.text()));
        });
    }

    private static String dead(String record) {
        return record.replaceAll("startTicks: \\d+", "startTicks: 1");
    }

    /** Returns whether a job runs with all its tasks, by Flink. */
    boolean runs(JobName name) {
        return launcher.epochOf(spec.name()).stream()
                .flatMap(epoch -> epoch.jobs().observed().stream())
                .filter(job -> job.name().equals(name.value()))
                .filter(job -> !job.status().isGloballyTerminalState())
                .map(JobObservation::allTasksRun)
                .reduce(Boolean::logicalAnd)
                .orElse(false);
    }
}
