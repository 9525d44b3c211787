package io.flinkmanaged.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.cluster.UnreliableStorage.Trouble;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.ForkedJvm;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.internal.YamlText;
import io.flinkmanaged.journal.InMemoryJournal;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.LinuxProcess;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import io.flinkmanaged.model.ProcessIdentity;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EpochClaimsTest {

    private static final ClusterName FLIGHTS = new ClusterName("flights");

    @TempDir
    private Path root;

    private final SystemTimeSource time = new SystemTimeSource();
    private final ProcessIdentity self = ProcessIdentity.current();
    private final KnownEpochs known = new KnownEpochs(new InMemoryJournal());
    private UnreliableStorage storage;
    private EpochClaims claims;

    @BeforeEach
    void openStorage() {
        storage = new UnreliableStorage(StorageProviders.onClassPath().open(FileStorage.at(root)));
        claims = another();
    }

    @AfterEach
    void close() {
        storage.close();
        time.close();
    }

    @Test
    void countOn() {
        for (int number = 1; number <= 11; number++) {
            assertThat(claims.claimNext()).isEqualTo(new Epoch(number));
            claims.end(new Epoch(number), "a test");
        }
        assertThat(another().claimNext()).isEqualTo(new Epoch(12));
    }

    @Test
    void areOfOneCluster() {
        assertThat(claims.claimNext()).isEqualTo(new Epoch(1));
        assertThat(new EpochClaims(storage, new ClusterName("trains"), time, known).claimNext())
                .isEqualTo(new Epoch(1));
    }

    @Test
    void areRefusedWhileTheOwnerLives() {
        assertThat(claims.claimNext()).isEqualTo(new Epoch(1));
        assertConflict(another(), "epoch-1 belongs to " + self + ", which lives", "Close that cluster");
        claims.end(new Epoch(1), "a test");
        assertThat(another().claimNext()).isEqualTo(new Epoch(2));
    }

    @Test
    void passFromADeadProcess() {
        try (ForkedJvm owner = ForkedJvm.run(EpochClaimsTest.class)) {
            claimedBy(3, ProcessIdentity.of(owner.handle()));
            assertConflict(claims, "epoch-3 belongs to pid " + owner.handle().pid());
            owner.kill();
        }
        assertThat(claims.claimNext()).isEqualTo(new Epoch(4));
    }

    @Test
    void passFromAProcessWhosePidIsUsedAgain() {
        LinuxProcess here = self.linux().orElseThrow();
        LinuxProcess former =
                new LinuxProcess(here.bootId(), here.pidNamespace(), here.startTicks() - 1, here.machineId());
        claimedBy(3, new ProcessIdentity(self.host(), self.pid(), self.startedAtMillis(), Optional.of(former)));
        assertThat(claims.claimNext()).isEqualTo(new Epoch(4));
    }

    @Test
    void sayWhatToDoAboutAnotherHosts() {
        claimedBy(3, new ProcessIdentity("elsewhere.example", 4711, 1, Optional.empty()));
        String record = "flights/epochs/epoch-3.ended.yaml";
        assertConflict(
                claims, "pid 4711 on elsewhere.example, which cannot be seen from this process", storage.uriOf(record));
        storage.write(record, "");
        assertThat(claims.claimNext()).isEqualTo(new Epoch(4));
    }

    @Test
    void areRefusedWhileTheOwnerMayLiveInAnotherContainerOfThisHostName() {
        LinuxProcess here = self.linux().orElseThrow();
        LinuxProcess other = new LinuxProcess(here.bootId(), "pid:[1]", here.startTicks() - 1, here.machineId());
        claimedBy(3, new ProcessIdentity(self.host(), Integer.MAX_VALUE, 1, Optional.of(other)));
        assertConflict(claims, "cannot be seen from this process");
    }

    @Test
    void goToOneOfManyWhoWantThem() throws Exception {
        int racers = 6;
        ExecutorService threads = Executors.newFixedThreadPool(racers);
        try {
            for (int round = 1; round <= 8; round++) {
                CyclicBarrier start = new CyclicBarrier(racers);
                List<EpochClaims> racing =
                        IntStream.range(0, racers).mapToObj(i -> another()).toList();
                List<CompletableFuture<Epoch>> wanted = racing.stream()
                        .map(one -> CompletableFuture.supplyAsync(() -> claimAt(one, start), threads))
                        .toList();
                List<Epoch> won = wanted.stream()
                        .map(one -> one.exceptionally(refused -> null).join())
                        .filter(Objects::nonNull)
                        .toList();
                assertThat(won).containsExactly(new Epoch(round));
                racing.forEach(one -> end(one, won.get(0)));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Not even a later object of the same process, which lives, is kept from beginning the next epoch. */
    @ParameterizedTest
    @EnumSource(names = {"NOTHING_IS_DONE", "ANSWER_IS_LOST"})
    void goOnAfterAnEndThatCouldNotBeRecorded(Trouble trouble) {
        for (int number = 1; number <= 2; number++) {
            assertThat(claims.claimNext()).isEqualTo(new Epoch(number));
            storage.nextCreation(trouble);
            Epoch epoch = new Epoch(number);
            assertThatThrownBy(() -> claims.end(epoch, "a test")).isInstanceOf(StorageException.class);
        }
        assertThat(another().claimNext()).isEqualTo(new Epoch(3));
    }

    @ParameterizedTest
    @EnumSource(names = {"NOTHING_IS_DONE", "ANSWER_IS_LOST"})
    void goOnAfterAClaimThatWasNotAnswered(Trouble trouble) {
        storage.nextCreation(trouble);
        assertThatThrownBy(claims::claimNext).isInstanceOf(StorageException.class);
        assertThat(another().claimNext()).isEqualTo(new Epoch(trouble == Trouble.ANSWER_IS_LOST ? 2 : 1));
        assertConflict(another(), "which lives");
    }

    @Test
    void takeAClaimThatIsSaidToExistBecauseItIsTheirOwn() {
        storage.nextCreation(Trouble.ANSWER_IS_THAT_IT_EXISTS);
        assertThat(claims.claimNext()).isEqualTo(new Epoch(1));
        assertConflict(another(), "which lives");
    }

    @Test
    void countNoOtherEpochOfThisProcessForDead() {
        EpochClaims trains = new EpochClaims(storage, new ClusterName("trains"), time, known);
        assertThat(trains.claimNext()).isEqualTo(new Epoch(1));
        assertThat(claims.claimNext()).isEqualTo(new Epoch(1));
        storage.nextCreation(Trouble.NOTHING_IS_DONE);
        assertThatThrownBy(() -> trains.end(new Epoch(1), "a test")).isInstanceOf(StorageException.class);
        assertConflict(another(), "which lives");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"epoch-0.yaml", "epoch-x.yaml", "epoch-7.yaml.new", "epoch-07.yaml", "epoch-.yaml", "7.yaml"})
    void lookAtNothingElse(String name) {
        storage.write("flights/epochs/" + name, "junk");
        assertThat(claims.claimNext()).isEqualTo(new Epoch(1));
    }

    @Test
    void nameADamagedRecord() {
        storage.write("flights/epochs/epoch-3.yaml", "host: here\n");
        assertThatThrownBy(claims::claimNext)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("epoch-3.yaml, field pid");
    }

    /** An unmounted directory, an emptied bucket: it must not be taken for that of a cluster which never ran. */
    @Test
    void areRefusedByWhoeverKnowsMoreThanTheStorageShows() throws IOException {
        for (int number = 1; number <= 2; number++) {
            assertThat(claims.claimNext()).isEqualTo(new Epoch(number));
            claims.end(new Epoch(number), "a test");
        }
        Path epochs = root.resolve("flights/epochs");
        Path away = root.resolve("away");
        Files.move(epochs, away);
        assertThatThrownBy(() -> another().claimNext())
                .isInstanceOf(StorageException.class)
                .hasMessageContainingAll(
                        "cluster flights: its storage "
                                + root.toUri().toString().replaceAll("/$", ""),
                        "shows no epoch (expected: epoch-2, which the journal knows)",
                        "is not mounted",
                        "delete the journal's record epochs/flights/");
        Files.createDirectories(epochs);
        Files.copy(away.resolve("epoch-1.yaml"), epochs.resolve("epoch-1.yaml"));
        assertThatThrownBy(() -> another().requireKnown())
                .hasMessageContaining("shows only epoch-1 (expected: epoch-2");
        Files.delete(epochs.resolve("epoch-1.yaml"));
        Files.delete(epochs);
        Files.move(away, epochs);
        assertThat(another().claimNext()).isEqualTo(new Epoch(3));
    }

    @Test
    void beginAnewWhereTheClusterWasForgotten() throws IOException {
        assertThat(claims.claimNext()).isEqualTo(new Epoch(1));
        known.forget(FLIGHTS, storage.location());
        known.forget(FLIGHTS, storage.location());
        claims.end(new Epoch(1), "a test");
        Directories.deleteTree(root.resolve("flights"));
        assertThat(another().claimNext()).isEqualTo(new Epoch(1));
    }

    @Test
    void sayWhenTheyWereMade() {
        ManualTime manual = new ManualTime();
        EpochClaims dated = new EpochClaims(storage, FLIGHTS, manual, known);
        assertThat(dated.claimNext()).isEqualTo(new Epoch(1));
        dated.end(new Epoch(1), "a test");
        assertThat(Stream.of("epoch-1.yaml", "epoch-1.ended.yaml")
                        .map(name -> storage.read("flights/epochs/" + name).orElseThrow()))
                .allSatisfy(record -> assertThat(record).contains(manual.now().toString()));
    }

    /** For the process that owns an epoch and dies. */
    public static void main(String[] unused) throws IOException {
        int unusedEnd = System.in.read();
    }

    /** Only the one who claimed an epoch can end it. */
    private static void end(EpochClaims claims, Epoch epoch) {
        try {
            claims.end(epoch, "a test");
        } catch (StorageException e) {
            assertThat(e).hasMessageContaining("does not show " + epoch);
        }
    }

    private static Epoch claimAt(EpochClaims claims, CyclicBarrier start) {
        try {
            start.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return claims.claimNext();
    }

    private EpochClaims another() {
        return new EpochClaims(storage, FLIGHTS, time, known);
    }

    private void claimedBy(long epoch, ProcessIdentity owner) {
        storage.write("flights/epochs/epoch-" + epoch + ".yaml", YamlText.write(owner.toFields()));
    }

    private static void assertConflict(EpochClaims claims, String... contained) {
        assertThatThrownBy(claims::claimNext)
                .isInstanceOfSatisfying(ManagedFlinkException.class, refused -> assertThat(refused.code())
                        .isEqualTo(Code.CONFLICT))
                .hasMessageContainingAll(contained);
    }
}
