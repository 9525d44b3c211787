package io.flinkmanaged.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.job.AttemptEnd.Kind;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.storage.CheckpointFiles;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.storage.file.FileStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecoveryChoiceTest {

    private static final String SAVEPOINT = "file:///savepoints/savepoint-1";

    @TempDir
    private Path root;

    private StateStorage storage;
    private JobStore store;
    private final JobAttempt last = Attempts.of("delays", 2, 1);

    @BeforeEach
    void openStorage() {
        storage = StorageProviders.onClassPath().open(FileStorage.at(root));
        store = new JobStore(storage, new ClusterName("flights"));
        store.begin(last);
    }

    @AfterEach
    void closeStorage() {
        storage.close();
    }

    @ParameterizedTest
    @CsvSource({
        // how the last attempt ended, what is wanted, what is chosen
        "LOST,        asItEnded, CHECKPOINT",
        "FINISHED,    asItEnded, EMPTY",
        "CANCELED,    asItEnded, EMPTY",
        "STOPPED,     asItEnded, SAVEPOINT",
        "FAILED,      asItEnded, CHECKPOINT",
        "NOT_STARTED, asItEnded, CHECKPOINT",
        "LOST,        latest,    CHECKPOINT",
        "FINISHED,    latest,    CHECKPOINT",
        "CANCELED,    latest,    CHECKPOINT",
        "STOPPED,     latest,    SAVEPOINT",
        "FAILED,      latest,    CHECKPOINT",
        "NOT_STARTED, latest,    CHECKPOINT",
        "LOST,        empty,     EMPTY",
        "FINISHED,    empty,     EMPTY",
        "STOPPED,     empty,     EMPTY",
        "FAILED,      empty,     EMPTY"
    })
    void startsWhereTheLastAttemptsEndAndTheWishSay(String end, String wanted, String chosen) {
        checkpoint(last, 7);
        ended(end);
        assertThat(choose(wish(wanted))).isEqualTo(new RecoveryChoice(point(chosen), List.of()));
    }

    @ParameterizedTest
    @CsvSource({"asItEnded", "latest", "empty"})
    void startsAnUnknownJobEmpty(String wanted) {
        assertThat(RecoveryChoice.of(store, Optional.empty(), wish(wanted)).point())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"LOST", "FAILED", "NOT_STARTED"})
    void startsAgainWhereAnAttemptBeganThatCompletedNothing(String end) {
        String savepoint = savepoint();
        JobAttempt next = Attempts.startingFrom(Optional.of(savepoint), "delays", 3, 1);
        store.begin(next);
        if (!end.equals("LOST")) {
            store.end(next, AttemptEnd.of(Kind.valueOf(end)));
        }
        assertThat(RecoveryChoice.of(store, Optional.of(next), StartingPoint.asItEnded())
                        .point())
                .contains(savepoint);
    }

    @Test
    void passesOverDamageAndSaysSo() throws Exception {
        checkpoint(last, 7);
        Files.delete(checkpoint(last, 8).resolve("keyed"));
        RecoveryChoice choice = choose(StartingPoint.asItEnded());
        assertThat(choice.point()).isEqualTo(point("CHECKPOINT"));
        assertThat(choice.passedOver()).singleElement().asString().contains("chk-8", "keyed is missing");
    }

    @Test
    void goesBackToWhereTheAttemptBeganWhenAllElseIsDamaged() throws Exception {
        String savepoint = savepoint();
        JobAttempt next = Attempts.startingFrom(Optional.of(savepoint), "delays", 3, 1);
        store.begin(next);
        Files.delete(checkpoint(next, 8).resolve("keyed"));
        RecoveryChoice choice = RecoveryChoice.of(store, Optional.of(next), StartingPoint.asItEnded());
        assertThat(choice.point()).contains(savepoint);
        assertThat(choice.passedOver()).hasSize(1);
    }

    @Test
    void doesNotStartFromAStartingPointThatIsGone() {
        JobAttempt next = Attempts.startingFrom(Optional.of(SAVEPOINT), "delays", 3, 1);
        store.begin(next);
        assertThatThrownBy(() -> RecoveryChoice.of(store, Optional.of(next), StartingPoint.asItEnded()))
                .isInstanceOf(NoRecoveryPointException.class)
                .hasMessageContaining("savepoint-1");
    }

    @Test
    void refusesToForgetTheStateOfAJob() throws Exception {
        Files.delete(checkpoint(last, 8).resolve("keyed"));
        for (StartingPoint wanted : List.of(StartingPoint.asItEnded(), StartingPoint.latest())) {
            assertThatThrownBy(() -> choose(wanted))
                    .isInstanceOf(NoRecoveryPointException.class)
                    .hasMessageContaining("job \"delays\": no complete checkpoint of epoch-2-attempt-1 is left")
                    .hasMessageContaining("StartingPoint.empty()")
                    .hasMessageContaining("keyed is missing");
        }
        assertThat(choose(StartingPoint.empty()).point()).isEmpty();
    }

    @Test
    void doesNotContinueWhatWasToBeCancelledWhenItWasLost() {
        checkpoint(last, 7);
        store.notes().noteCancel(last, Instant.EPOCH);
        store.notes().noteCancel(last, Instant.MAX);
        assertThat(choose(StartingPoint.asItEnded()).point()).isEmpty();
        assertThat(choose(StartingPoint.latest()).point()).isEqualTo(point("CHECKPOINT"));
    }

    /** Not damaged but gone: an emptied bucket, a lifecycle rule. */
    @Test
    void refusesToForgetTheStateOfAJobWhoseCheckpointsAreGone() {
        store.notes().noteCheckpoint(last, Instant.EPOCH);
        for (StartingPoint wanted : List.of(StartingPoint.asItEnded(), StartingPoint.latest())) {
            assertThatThrownBy(() -> choose(wanted))
                    .isInstanceOf(NoRecoveryPointException.class)
                    .hasMessageContaining("job \"delays\": no complete checkpoint of epoch-2-attempt-1 is left")
                    .hasMessageContaining("every checkpoint of epoch-2-attempt-1 is gone from file://" + root);
        }
        assertThat(choose(StartingPoint.empty()).point()).isEmpty();
    }

    @Test
    void saysThatTheCheckpointsAreGoneWhenItGoesBackToWhereTheAttemptBegan() {
        JobAttempt next = Attempts.startingFrom(Optional.of(savepoint()), "delays", 3, 1);
        store.begin(next);
        store.notes().noteCheckpoint(next, Instant.EPOCH);
        RecoveryChoice choice = RecoveryChoice.of(store, Optional.of(next), StartingPoint.asItEnded());
        assertThat(choice.point()).isEqualTo(next.startingPoint());
        assertThat(choice.passedOver())
                .singleElement()
                .asString()
                .contains("every checkpoint of epoch-3-attempt-1 is gone");
    }

    /** The process that stopped it died before it could record that; an older checkpoint would repeat output. */
    @ParameterizedTest
    @CsvSource({"9, true", "7, true", "5, false"})
    void startsFromTheSavepointOfAStopThatNobodyRecorded(long savepoint, boolean chosen) {
        checkpoint(last, 6);
        Path stop = CheckpointFiles.writeStopSavepoint(
                root.resolve("flights/jobs/delays/" + last.id() + "/savepoints/savepoint-1"), savepoint);
        assertThat(choose(StartingPoint.asItEnded()).point())
                .contains(chosen ? "file://" + stop : "file://" + directoryOf(last) + "/chk-6");
    }

    @Test
    void decidesNothingWithoutAnAnswerOfTheStorage() {
        checkpoint(last, 7);
        CheckpointFiles.write(
                directoryOf(last).resolve("chk-8"),
                8,
                OperatorSubtaskState.builder()
                        .setManagedKeyedState(CheckpointFiles.keyed(CheckpointFiles.absentFile("no-such-scheme://x/y")))
                        .build());
        assertThatThrownBy(() -> choose(StartingPoint.asItEnded())).isInstanceOf(StorageException.class);
    }

    @Test
    void startsAtANamedPoint() {
        Path named = CheckpointFiles.write(root.resolve("elsewhere/savepoint-1"), 42);
        for (String end : List.of("LOST", "FINISHED")) {
            assertThat(choose(StartingPoint.at("file://" + named)).point())
                    .as(end)
                    .contains("file://" + named);
            ended("FINISHED");
        }
        assertThat(RecoveryChoice.of(store, Optional.empty(), StartingPoint.at("file://" + named))
                        .point())
                .contains("file://" + named);
    }

    @ParameterizedTest
    @CsvSource({
        "file:///no/such/savepoint",
        "no-such-scheme://bucket/savepoint",
        "/relative/to/nothing",
        "''",
        "':'",
        "savepoint-1"
    })
    void refusesANamedPointThatIsNotThere(String uri) {
        assertThatThrownBy(() -> choose(StartingPoint.at(uri)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("starting point: " + uri)
                .hasMessageContaining("a complete checkpoint or savepoint");
    }

    @Test
    void refusesANamedPointThatIsDamaged() throws Exception {
        Path named = CheckpointFiles.write(root.resolve("elsewhere/savepoint-1"), 42);
        Files.delete(named.resolve("operator"));
        assertThatThrownBy(() -> choose(StartingPoint.at("file://" + named)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("operator is missing");
    }

    private RecoveryChoice choose(StartingPoint wanted) {
        return RecoveryChoice.of(store, Optional.of(last), wanted);
    }

    private void ended(String end) {
        if (!end.equals("LOST")) {
            Kind kind = Kind.valueOf(end);
            store.end(last, new AttemptEnd(kind, kind == Kind.STOPPED ? Optional.of(SAVEPOINT) : Optional.empty()));
        }
    }

    private Optional<String> point(String chosen) {
        return switch (chosen) {
            case "CHECKPOINT" -> Optional.of("file://" + directoryOf(last) + "/chk-7");
            case "SAVEPOINT" -> Optional.of(SAVEPOINT);
            default -> Optional.empty();
        };
    }

    private static StartingPoint wish(String wanted) {
        return switch (wanted) {
            case "asItEnded" -> StartingPoint.asItEnded();
            case "latest" -> StartingPoint.latest();
            default -> StartingPoint.empty();
        };
    }

    private Path checkpoint(JobAttempt attempt, long number) {
        return CheckpointFiles.write(directoryOf(attempt).resolve("chk-" + number), number);
    }

    private Path directoryOf(JobAttempt attempt) {
        return root.resolve("flights/jobs/delays/" + attempt.id() + "/checkpoints/"
                + attempt.jobId().toHexString());
    }

    private String savepoint() {
        return CheckpointFiles.write(root.resolve("savepoints/savepoint-1"), 5)
                .toUri()
                .toString();
    }
}
