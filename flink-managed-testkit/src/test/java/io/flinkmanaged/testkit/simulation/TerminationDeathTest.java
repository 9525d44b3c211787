package io.flinkmanaged.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.cluster.KnownEpochs;
import io.flinkmanaged.cluster.WantedClusters;
import io.flinkmanaged.cluster.WantedClusters.Wanted;
import io.flinkmanaged.job.JobStore;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.testkit.InMemoryStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that terminates a cluster dies at every step of that, before it and after it. */
class TerminationDeathTest {

    private static final Duration RESTARTED_AFTER = Duration.ofSeconds(3);

    @TempDir
    private static Path directory;

    private final StorageProviders storages = StorageProviders.onClassPath();

    @Test
    void theNextOneFindsAClusterThatRunsOrEndsWhatTheFirstOneBegan() throws Exception {
        Death undisturbed = dieAt(MortalLibrary.NEVER);
        assertThat(undisturbed.ranOn()).isFalse();
        assertThat(undisturbed.steps())
                .anyMatch(step -> step.startsWith("after stop"))
                .anyMatch(step -> step.startsWith("after delete clusters/simulated"));
        int ranOn = 0;
        for (long step = undisturbed.firstStep(); step <= undisturbed.lastStep(); step++) {
            ranOn += dieAt(step).ranOn() ? 1 : 0;
        }
        assertThat(ranOn)
                .as("deaths before it was written down, in %s", undisturbed.steps())
                .isEqualTo(1);
    }

    private Death dieAt(long step) throws InterruptedException {
        try (VirtualTime time = VirtualTime.seeded(7);
                InMemoryStorage storage = InMemoryStorage.create(time);
                StateStorage opened = storages.open(storage.location())) {
            return dieAt(step, new SimulatedWorld(time, storage, opened));
        }
    }

    private static Death dieAt(long step, SimulatedWorld world) throws InterruptedException {
        VirtualTime time = world.time();
        WantedClusters wanted = new WantedClusters(world.journal());
        wanted.want(world.spec());
        MortalLibrary mortal = new MortalLibrary(time, step);
        Generation first = new Generation(mortal, world, directory);
        first.begin();
        requireDone(time, first.when(first::isSettled));
        long before = mortal.steps().size();
        requireDone(time, CompletableFuture.anyOf(mortal.whenDead(), first.terminate()));
        boolean runsOn = false;
        if (mortal.isDead()) {
            world.note("the library dies at step " + mortal.steps());
            world.buryTheDead();
            time.pass(RESTARTED_AFTER);
            Optional<Wanted> found = wanted.find(world.spec().name());
            runsOn = found.filter(one -> !one.isTerminated()).isPresent();
            if (found.isPresent()) {
                Generation next = new Generation(new MortalLibrary(time, MortalLibrary.NEVER), world, directory);
                if (runsOn) {
                    requireDone(time, next.when(next::isSettled));
                }
                requireDone(time, next.terminate());
            }
        }
        requireGone(world);
        return new Death(before + 1, mortal.steps(), runsOn);
    }

    private static void requireDone(VirtualTime time, CompletableFuture<?> future) throws InterruptedException {
        assertThat(time.await(future, Generation.WITHIN)).isTrue();
        Object unused = future.join();
    }

    private static void requireGone(SimulatedWorld world) {
        assertThat(world.invariants().violations())
                .as(() -> String.join("\n", world.history()))
                .isEmpty();
        SimulatedEpoch epoch = world.launcher().epochOf(world.spec().name()).orElseThrow();
        assertThat(epoch.id()).as(() -> String.join("\n", world.history())).isEqualTo(new Epoch(1));
        assertThat(epoch.nodes().allAreDead()).isTrue();
        assertThat(world.opened().read(world.spec().name() + "/epochs/epoch-1.ended.yaml"))
                .isPresent();
        JobStore store = new JobStore(world.opened(), world.spec().name());
        assertThat(store.jobSegments()).hasSize(2).allSatisfy(segment -> assertThat(
                        store.endOf(store.lastAttempt(segment).orElseThrow()))
                .isPresent());
        assertThat(new WantedClusters(world.journal()).find(world.spec().name()))
                .isEmpty();
        assertThat(new KnownEpochs(world.journal())
                        .find(world.spec().name(), world.storage().location()))
                .isEmpty();
    }

    /** The steps of a termination are those from the first on. */
    private record Death(long firstStep, List<String> steps, boolean ranOn) {

        long lastStep() {
            return steps.size();
        }
    }
}
