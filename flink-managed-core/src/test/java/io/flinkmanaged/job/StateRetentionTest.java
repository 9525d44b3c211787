package io.flinkmanaged.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.storage.CheckpointFiles;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageProviders;
import io.flinkmanaged.storage.StoredFile;
import io.flinkmanaged.storage.file.FileStorage;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateRetentionTest {

    private static final ClusterName FLIGHTS = new ClusterName("flights");

    @TempDir
    private Path root;

    private StateStorage storage;
    private JobStore store;

    @BeforeEach
    void openStorage() {
        storage = StorageProviders.onClassPath().open(FileStorage.at(root));
        store = new JobStore(storage, FLIGHTS);
        begin(Attempts.of("delays", 1, 1));
        store.end(Attempts.of("delays", 1, 1), AttemptEnd.of(AttemptEnd.Kind.FAILED));
    }

    @AfterEach
    void closeStorage() {
        storage.close();
    }

    @Test
    void deletesASharedFileWithTheLastPointThatRefersToIt() {
        incremental(1, "a", "b");
        incremental(2, "b", "c");
        incremental(3, "c", "d");
        RetentionPlan plan = retention().plan(Retention.ofCheckpoints(2));
        assertThat(plan.files())
                .extracting(file -> file.path().substring(file.path().indexOf("/0a/") + 4))
                .containsExactly("chk-1/_metadata", "chk-1/meta", "chk-1/private", "shared/a");
        assertThat(plan.toText())
                .contains("delete " + storage.uriOf(directory("chk-1")))
                .endsWith("1 points, 4 files, " + plan.size().getBytes() + " bytes of cluster flights\n");
        assertThat(retention().apply(plan).deleted()).isEqualTo(plan.files());
        assertThat(points()).hasSize(2).allMatch(RecoveryPoint::isComplete);
        assertThat(root.resolve(directory("chk-1"))).doesNotExist();
    }

    @Test
    void sparesWhatAJobHasBegunToNeedSinceThePlan() {
        incremental(1, "a");
        incremental(2, "b");
        RetentionPlan plan = retention().plan(Retention.ofCheckpoints(1));
        begin(Attempts.startingFrom(Optional.of(storage.uriOf(directory("chk-1"))), "delays", 2, 1));
        RetentionReport report = retention().apply(plan);
        assertThat(report.deleted()).isEmpty();
        assertThat(report.spared()).isEqualTo(plan.files());
        assertThat(points()).hasSize(2).allMatch(RecoveryPoint::isComplete);
    }

    @Test
    void believesNoDeletionThatAListingDoesNotShow() {
        incremental(1, "a");
        incremental(2, "b");
        StateStorage liar = (StateStorage) Proxy.newProxyInstance(
                StateStorage.class.getClassLoader(),
                new Class<?>[] {StateStorage.class},
                (proxy, method, arguments) ->
                        method.getName().equals("delete") ? null : method.invoke(storage, arguments));
        StateRetention retention = new StateRetention(liar, FLIGHTS);
        RetentionPlan plan = retention.plan(Retention.ofCheckpoints(1));
        RetentionReport report = retention.apply(plan);
        assertThat(report.isDone()).isFalse();
        assertThat(report.left()).isEqualTo(plan.files());
        assertThat(report.deleted()).isEmpty();
        assertThat(points()).as("while the metadata stays, no file of it goes").allMatch(RecoveryPoint::isComplete);
    }

    @Test
    void deletesWhatIsLeftOfPointsThatWereNeverCompleted() {
        incremental(1, "a");
        CheckpointFiles.stateFile(root.resolve(directory("chk-2/keyed")));
        CheckpointFiles.stateFile(root.resolve(directory("shared/nobodys")));
        assertThat(retention().plan(Retention.ofCheckpoints(1)).files())
                .extracting(StoredFile::path)
                .containsExactly(directory("chk-2/keyed"), directory("shared/nobodys"));
    }

    private StateRetention retention() {
        return new StateRetention(storage, FLIGHTS);
    }

    private void incremental(long number, String... shared) {
        Path checkpoints = root.resolve(directory(""));
        Path unused = CheckpointFiles.writeIncremental(
                checkpoints.resolve("chk-" + number),
                number,
                List.of(shared).stream()
                        .map(name -> checkpoints.resolve("shared").resolve(name))
                        .toArray(Path[]::new));
    }

    private void begin(JobAttempt attempt) {
        store.begin(attempt);
    }

    private List<RecoveryPoint> points() {
        return new StoredJobReader(storage, FLIGHTS).read("delays").points();
    }

    private static String directory(String name) {
        return "flights/jobs/delays/epoch-1-attempt-1/checkpoints/0a/" + name;
    }
}
