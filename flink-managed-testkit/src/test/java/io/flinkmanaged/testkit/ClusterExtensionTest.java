package io.flinkmanaged.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.suppressed;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.StateBackend;
import io.flinkmanaged.supervise.Health;
import io.flinkmanaged.testkit.ClusterTest.Scope;
import io.flinkmanaged.testkit.proof.ExactlyOnceProof;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.OutputDirectoryCreator;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The classes in here are test classes of their own, run by this one. */
class ClusterExtensionTest {

    /** What the classes were given, in the order in which they ran. */
    private static final List<ManagedCluster> GIVEN = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path published;

    @AfterEach
    void nothingIsLeft() {
        assertThat(GIVEN).allSatisfy(cluster -> {
            assertThat(cluster.health().state()).isEqualTo(Health.State.STOPPED);
            assertThat(directoryOf(cluster)).doesNotExist();
        });
        GIVEN.clear();
    }

    @Test
    void methodsShareAClusterAndEachHasAProof() {
        run(Sharing.class).testEvents().assertStatistics(stats -> stats.started(4)
                .succeeded(4));
        assertThat(GIVEN).hasSizeGreaterThan(4);
        assertThat(Set.copyOf(GIVEN)).hasSize(1);
    }

    @Test
    void eachMethodHasAClusterIfItIsAskedFor() {
        run(Separate.class).testEvents().assertStatistics(stats -> stats.started(2)
                .succeeded(2));
        assertThat(GIVEN).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void aFailureSaysWhatWasKnownAndTheClusterIsClosed() {
        EngineExecutionResults results = run(Failing.class);
        results.testEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                test("fails"),
                                finishedWithFailure(
                                        message("on purpose"),
                                        suppressed(
                                                0,
                                                message(containing(
                                                        "cluster failing: HEALTHY",
                                                        "observed: ANSWERS",
                                                        "TaskManager of node-1 lives",
                                                        "job \"left behind\" ",
                                                        "epoch 1 is up after"))))));
        assertThat(results.allEvents().reportingEntryPublished().list())
                .singleElement()
                .extracting(one -> one.getRequiredPayload(ReportEntry.class)
                        .getKeyValuePairs()
                        .get("cluster"))
                .asString()
                .contains("cluster failing: HEALTHY");
        assertThat(published.resolve("cluster.txt")).content().contains("epoch 1 is up after");
    }

    @Test
    void whatATestLeavesRunningIsCancelledBeforeTheNext() {
        run(LeavingJobs.class).testEvents().assertStatistics(stats -> stats.started(2)
                .succeeded(2));
    }

    @Test
    void classesRunAtOnceWithDirectoriesOfTheirOwn() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(OneOfTwo.class), selectClass(TheOther.class))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
                .execute()
                .testEvents()
                .assertStatistics(stats -> stats.started(4).succeeded(4));
        assertThat(Set.copyOf(GIVEN))
                .hasSize(2)
                .extracting(ClusterExtensionTest::directoryOf)
                .doesNotHaveDuplicates();
    }

    @Test
    void aClusterThatCannotBeStartedFailsItsClassAndLeavesNothing() {
        run(Impossible.class)
                .containerEvents()
                .assertThatEvents()
                .haveExactly(1, event(finishedWithFailure(message(containing("taskSlots: 0")))));
    }

    @Test
    void aConstructorCannotAskForWhatIsAnotherForEachTest() {
        run(AskingTooEarly.class)
                .testEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(finishedWithFailure(
                                message(containing("ExactlyOnceProof: asked for by", "expected: by a test")))));
    }

    private EngineExecutionResults run(Class<?> testClass) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(testClass))
                .outputDirectoryCreator(new InOneDirectory(published))
                .execute();
    }

    private record InOneDirectory(Path getRootDirectory) implements OutputDirectoryCreator {

        @Override
        public Path createOutputDirectory(TestDescriptor test) {
            return getRootDirectory;
        }
    }

    private static Predicate<String> containing(String... parts) {
        return text -> {
            assertThat(text).contains(parts);
            return true;
        };
    }

    private static Path directoryOf(ManagedCluster cluster) {
        return Path.of(cluster.spec().checkpoints().orElseThrow().location().uri());
    }

    @ClusterTest(taskSlots = 3, spec = Sharing.InRocksDb.class)
    static class Sharing {

        private static final List<ExactlyOnceProof> PROOFS = new ArrayList<>();

        Sharing(ManagedCluster cluster) {
            GIVEN.add(cluster);
        }

        @BeforeAll
        static void beforeAll(ManagedCluster cluster) {
            GIVEN.add(cluster);
        }

        @BeforeEach
        void beforeEach(ManagedCluster cluster, Faults faults) {
            assertThat(faults).isNotNull();
            GIVEN.add(cluster);
        }

        @Test
        void one(ManagedCluster cluster, ManagedFlink flink, ExactlyOnceProof proof) {
            assertThat(flink.cluster("sharing")).containsSame(cluster);
            assertThat(cluster.spec().slotsOfCluster()).isEqualTo(3);
            assertThat(cluster.spec().stateBackend()).isEqualTo(StateBackend.ROCKSDB);
            assertThat(PROOFS).doesNotContain(proof);
            PROOFS.add(proof);
        }

        @Test
        void another(ManagedCluster cluster, ManagedFlink flink, ExactlyOnceProof proof) {
            one(cluster, flink, proof);
        }

        @Nested
        class Within {

            @Test
            void shares(ManagedCluster cluster, ExactlyOnceProof proof) {
                GIVEN.add(cluster);
                assertThat(PROOFS).doesNotContain(proof);
            }

            @Test
            void sharesToo(ManagedCluster cluster, ExactlyOnceProof proof) {
                shares(cluster, proof);
            }
        }

        static final class InRocksDb implements ClusterSpecSupplier {
            @Override
            public ClusterSpec spec(ClusterSpec.Builder defaults) {
                return defaults.stateBackend(StateBackend.ROCKSDB).build();
            }
        }
    }

    @ClusterTest(scope = Scope.METHOD)
    static class Separate {

        @Test
        void one(ManagedCluster cluster) {
            GIVEN.add(cluster);
        }

        @Test
        void another(ManagedCluster cluster) {
            GIVEN.add(cluster);
        }
    }

    @ClusterTest
    static class Failing {

        @Test
        void fails(ManagedCluster cluster) {
            GIVEN.add(cluster);
            ManagedJob unused = submit(cluster, "left behind");
            throw new IllegalStateException("on purpose");
        }
    }

    @ClusterTest
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class LeavingJobs {

        @BeforeAll
        static void begins(ManagedCluster cluster) {
            GIVEN.add(cluster);
            ManagedJob unused = submit(cluster, "for all");
        }

        @Test
        @Order(1)
        void leaves(ManagedCluster cluster) {
            submit(cluster, "left behind").awaitRunning(Patience.LIMIT);
        }

        @Test
        @Order(2)
        void findsItsSlotFree(ManagedCluster cluster) {
            assertThat(cluster.job("left behind").orElseThrow().status().isGloballyTerminalState())
                    .isTrue();
            assertThat(cluster.job("for all").orElseThrow().status().isGloballyTerminalState())
                    .isFalse();
            submit(cluster, "left behind").awaitRunning(Patience.LIMIT);
        }
    }

    /** Neither goes on before the other is as far; the methods of each run one after the other. */
    abstract static class Meeting {

        private static final CyclicBarrier BOTH = new CyclicBarrier(2);

        @Test
        void one(ManagedCluster cluster) throws Exception {
            GIVEN.add(cluster);
            submit(cluster, "meets").awaitRunning(Patience.LIMIT);
            int unused = BOTH.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }

        @Test
        void another(ManagedCluster cluster) throws Exception {
            one(cluster);
        }
    }

    @ClusterTest
    static class OneOfTwo extends Meeting {}

    @ClusterTest
    static class TheOther extends Meeting {}

    @ClusterTest(taskSlots = 0)
    static class Impossible {

        @Test
        void isNotReached() {}
    }

    @ClusterTest
    static class AskingTooEarly {

        AskingTooEarly(ExactlyOnceProof proof) {
            assertThat(proof).isNull();
        }

        @Test
        void isNotReached() {}
    }

    private static ManagedJob submit(ManagedCluster cluster, String name) {
        return cluster.submit(name, environment -> CountingJob.define(environment, name, 1_000_000, 100));
    }
}
