package io.flinkmanaged.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.cluster.Cluster;
import io.flinkmanaged.cluster.ClusterServices;
import io.flinkmanaged.cluster.KnownEpochs;
import io.flinkmanaged.config.Disruption;
import io.flinkmanaged.config.Policies;
import io.flinkmanaged.config.Setting;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.ChangeApplied;
import io.flinkmanaged.event.ClusterEvent.ChangeFailed;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.job.UserJars;
import io.flinkmanaged.journal.InMemoryJournal;
import io.flinkmanaged.launch.ScriptedLauncher;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeApplicationTest {

    private static final Set<Acknowledgement> ALL = EnumSet.allOf(Acknowledgement.class);

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private final ScriptedLauncher launcher = new ScriptedLauncher();
    private final List<ClusterEvent> events = new ArrayList<>();
    private final List<ClusterSpec> remembered = new ArrayList<>();
    private final ClusterSpec spec = ClusterSpec.named("flights").build();
    private Optional<RuntimeException> journalTrouble = Optional.empty();
    private StateStorage storage;
    private Cluster cluster;
    private ChangeApplication application;

    @BeforeEach
    void launch() {
        storage = StorageProviders.onClassPath().open(FileStorage.at(directory.resolve("state")));
        cluster = new Cluster(
                spec,
                storage,
                new ClusterServices(
                        time,
                        time.blocking(),
                        events::add,
                        launcher,
                        new UserJars(directory),
                        directory.resolve("work"),
                        Policies.NONE,
                        new KnownEpochs(new InMemoryJournal()),
                        () -> {}),
                true);
        cluster.beginEpoch();
        application = new ChangeApplication(
                cluster,
                next -> {
                    journalTrouble.ifPresent(trouble -> {
                        throw trouble;
                    });
                    remembered.add(next);
                },
                time,
                events::add);
    }

    @AfterEach
    void close() {
        cluster.close();
        storage.close();
    }

    @Test
    void putsASpecInForceWithoutTouchingAnythingWhereNothingNeedsTo() {
        ChangeReport report = applied(preview(builder -> builder.defaultParallelism(3)));
        assertThat(report.change().disruption()).isEqualTo(Disruption.NONE);
        assertThat(report.isAsPredicted()).isTrue();
        assertThat(remembered).containsExactly(cluster.spec());
        assertThat(cluster.requireCurrent()
                        .configuration()
                        .effective("parallelism.default")
                        .map(Setting::value))
                .contains("3");
        assertThat(launcher.attempts()).isEqualTo(1);
        assertThat(events).filteredOn(ChangeApplied.class::isInstance).hasSize(1);
    }

    @Test
    void endsTheEpochAndBeginsAnotherWhereEveryProcessMust() {
        ChangeReport report = applied(preview(builder -> builder.taskSlots(2)));
        assertThat(report.epochBefore()).isEqualTo(1);
        assertThat(report.epochAfter()).isEqualTo(2);
        assertThat(cluster.spec().taskSlots()).isEqualTo(2);
        assertThat(remembered).containsExactly(cluster.spec());
    }

    @Test
    void changesNothingWhenTheJournalFails() {
        journalTrouble = Optional.of(new IllegalStateException("no space left"));
        for (ClusterChange change :
                List.of(preview(builder -> builder.taskSlots(2)), preview(builder -> builder.defaultParallelism(3)))) {
            assertThatThrownBy(() -> applied(change)).hasMessageContaining("no space left");
        }
        assertThat(cluster.spec()).isEqualTo(spec);
        assertThat(launcher.attempts()).isEqualTo(1);
        assertThat(events).filteredOn(ChangeFailed.class::isInstance).hasSize(2);
    }

    /** What even the way back cannot do is left to the supervisor, which begins an epoch of whatever spec is in force. */
    @Test
    void hasTheFormerSpecInForceWhenNoEpochCanBeBegunAtAll() {
        launcher.fail(Optional.of("no processes today"));
        assertThatThrownBy(() -> applied(preview(builder -> builder.taskSlots(2))))
                .hasMessageContaining("no processes today")
                .satisfies(failure -> assertThat(failure.getSuppressed()).isNotEmpty());
        assertThat(cluster.spec()).isEqualTo(spec);
        assertThat(remembered).endsWith(spec);
        assertThat(cluster.current()).isEmpty();
        launcher.fail(Optional.empty());
    }

    @Test
    void refusesAChangeOfAnEpochThatHasGone() {
        ClusterChange change = preview(builder -> builder.taskSlots(2));
        cluster.beginEpoch();
        assertThatThrownBy(() -> applied(change))
                .isInstanceOfSatisfying(ManagedFlinkException.class, refused -> assertThat(refused.code())
                        .isEqualTo(Code.CONFLICT))
                .hasMessageContaining("its epoch: was epoch-1, is epoch-2");
        assertThat(remembered).isEmpty();
    }

    @Test
    void refusesAChangeAfterAnotherOne() {
        ClusterChange change = preview(builder -> builder.defaultParallelism(2));
        applied(preview(builder -> builder.defaultParallelism(3)));
        assertThatThrownBy(() -> applied(change)).hasMessageContaining("its spec: another one is in force");
    }

    @Test
    void refusesWhatIsRefusedAndWhatIsNotAcknowledgedWithEveryFinding() {
        ClusterChange renamed = ClusterChange.of(
                Basis.of(cluster),
                ClusterSpec.named("trains").taskSlots(2).build(),
                launcher,
                cluster::configurationOf);
        assertThatThrownBy(() -> application.apply(renamed, ALL)).hasMessageContaining("A cluster is its name");
        ClusterChange restart = preview(builder -> builder.taskSlots(2));
        assertThatThrownBy(() -> application.apply(restart, Set.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Call apply(change, Acknowledgement.DOWNTIME) if that may be.");
        assertThat(launcher.attempts()).isEqualTo(1);
    }

    private ClusterChange preview(UnaryOperator<ClusterSpec.Builder> edit) {
        return ClusterChange.of(
                Basis.of(cluster), edit.apply(cluster.spec().toBuilder()).build(), launcher, cluster::configurationOf);
    }

    private ChangeReport applied(ClusterChange change) {
        CompletableFuture<ChangeReport> report = application.apply(change, ALL);
        time.runBlocking();
        try {
            return report.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }
}
