package io.flinkmanaged.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.flinkmanaged.architecture.fixture.flink.UsesAShadedType;
import io.flinkmanaged.architecture.fixture.flink.UsesAnInternalType;
import io.flinkmanaged.architecture.fixture.flink.UsesAnUnannotatedType;
import io.flinkmanaged.architecture.fixture.flink.UsesPublicTypes;
import io.flinkmanaged.architecture.fixture.order.Wiring;
import io.flinkmanaged.architecture.fixture.order.high.High;
import io.flinkmanaged.architecture.fixture.order.high.HighThatImportsTheRoot;
import io.flinkmanaged.architecture.fixture.order.low.Low;
import io.flinkmanaged.architecture.fixture.order.low.LowThatLooksUp;
import io.flinkmanaged.architecture.fixture.order.middle.Middle;
import io.flinkmanaged.architecture.fixture.order.middle.MiddleThatImportsItsLeaf;
import io.flinkmanaged.architecture.fixture.order.middle.leaf.Leaf;
import io.flinkmanaged.architecture.fixture.order.middle.leaf.LeafThatLooksUp;
import io.flinkmanaged.architecture.fixture.order.middle.other.LeafThatImportsAnother;
import io.flinkmanaged.architecture.fixture.order.stranger.Stranger;
import io.flinkmanaged.architecture.fixture.signature.Signatures;
import io.flinkmanaged.architecture.fixture.time.Offences;
import io.flinkmanaged.architecture.fixture.time.ValuesOnly;
import io.flinkmanaged.architecture.fixture.unmarked.Unmarked;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shows of every rule that it bites, and that it leaves alone what is right. */
class RulesTest {
    @Nested
    class ThePackageOrder {
        private final ArchRule rule = PackageOrder.below(
                        "io.flinkmanaged.architecture.fixture.order",
                        "low",
                        "middle",
                        "middle.leaf",
                        "middle.other",
                        "high")
                .asRule();

        @Test
        void permitsImportsOfPackagesAboveAndTheWiringOfLeaves() {
            assertThat(reportsOf(rule, Low.class, Middle.class, Leaf.class, High.class, Wiring.class))
                    .isEmpty();
        }

        @Test
        void reportsAnImportFromBelowWhichWouldMakeACircle() {
            assertThat(reportsOf(rule, LowThatLooksUp.class, Middle.class))
                    .isNotEmpty()
                    .allSatisfy(report -> assertThat(report).startsWith(".low must not import .middle: "));
        }

        @Test
        void reportsAnImportOfALeafByItsParent() {
            assertThat(reportsOf(rule, MiddleThatImportsItsLeaf.class))
                    .isNotEmpty()
                    .allSatisfy(report -> assertThat(report).startsWith(".middle must not import .middle.leaf: "));
        }

        @Test
        void reportsALeafThatImportsFromBelowItsParent() {
            assertThat(reportsOf(rule, LeafThatLooksUp.class)).isNotEmpty().allSatisfy(report -> assertThat(report)
                    .startsWith(".middle.leaf must not import .high: "));
        }

        @Test
        void reportsALeafThatImportsAnotherLeaf() {
            assertThat(reportsOf(rule, LeafThatImportsAnother.class))
                    .isNotEmpty()
                    .allSatisfy(
                            report -> assertThat(report).startsWith(".middle.other must not import .middle.leaf: "));
        }

        @Test
        void reportsAnImportOfTheRoot() {
            assertThat(reportsOf(rule, HighThatImportsTheRoot.class))
                    .isNotEmpty()
                    .allSatisfy(report -> assertThat(report).startsWith(".high must not import the root: "));
        }

        @Test
        void reportsAPackageWithoutAPlace() {
            assertThat(reportsOf(rule, Stranger.class))
                    .singleElement()
                    .asString()
                    .contains("has no place in the order");
        }
    }

    @Nested
    class FlinksOtherTypes {
        private final ArchRule rule = FlinkTypes.notPublicOnesOnlyIn("io.flinkmanaged.door");

        @Test
        void permitsPublicTypesAndTheirNestedOnes() {
            assertThat(reportsOf(rule, UsesPublicTypes.class)).isEmpty();
        }

        @Test
        void reportsAnUnannotatedType() {
            assertThat(reportsOf(rule, UsesAnUnannotatedType.class)).isNotEmpty();
        }

        @Test
        void reportsAnInternalType() {
            assertThat(reportsOf(rule, UsesAnInternalType.class)).isNotEmpty();
        }

        @Test
        void reportsALibraryThatFlinkCarries() {
            assertThat(reportsOf(rule, UsesAShadedType.class)).isNotEmpty();
        }

        @Test
        void permitsThemBehindTheDoor() {
            ArchRule open = FlinkTypes.notPublicOnesOnlyIn("io.flinkmanaged.architecture.fixture.flink");

            assertThat(reportsOf(open, UsesAnUnannotatedType.class, UsesAnInternalType.class))
                    .isEmpty();
        }

        @Test
        void doesNotOpenTheDoorForASubpackage() {
            ArchRule open = FlinkTypes.notPublicOnesOnlyIn("io.flinkmanaged.architecture.fixture");

            assertThat(reportsOf(open, UsesAnInternalType.class)).isNotEmpty();
        }
    }

    @Nested
    class ThePublicSignatures {
        @Test
        void reportsEachPlaceWhereATypeCanBeSeen() {
            List<String> reports = reportsOf(PublicSignatures.SHOW_ONLY_PUBLIC_TYPES, Signatures.class);

            assertThat(reports).anySatisfy(report -> assertThat(report)
                    .contains("ShowsItInAField.field shows com.google.common.collect.ImmutableList"));
            assertThat(reports).anySatisfy(report -> assertThat(report)
                    .contains("ShowsItInAProtectedConstructor.<init>")
                    .contains("shows org.apache.flink.runtime.minicluster.MiniCluster."));
            assertThat(reports).anySatisfy(report -> assertThat(report)
                    .contains("ShowsItInATypeArgument.graphs() shows org.apache.flink.runtime.jobgraph.JobGraph."));
            assertThat(reports)
                    .anySatisfy(report ->
                            assertThat(report).contains("ShowsItInABound.same(").contains("JobGraph"));
            assertThat(reports).anySatisfy(report -> assertThat(report)
                    .contains("ShowsItInASupertype shows")
                    .contains("ImmutableSet"));
            assertThat(reports).anySatisfy(report -> assertThat(report)
                    .contains("ShowsItInAComponent.names()")
                    .contains("ImmutableSet"));
        }

        @Test
        void permitsWhatNobodyOutsideSeesAndFlinksPublicTypes() {
            assertThat(reportsOf(PublicSignatures.SHOW_ONLY_PUBLIC_TYPES, Signatures.class))
                    .noneMatch(report -> report.contains("KeepsItHidden") || report.contains("IsNotPublic"));
        }
    }

    @Nested
    class TheClockRule {
        private static final List<String> REPORTS = reportsOf(TimeAndChance.nowhere(), Offences.class);

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "System.currentTimeMillis",
                    "System.nanoTime",
                    "Instant.now",
                    "Clock.systemUTC",
                    "LocalDate.now",
                    "LocalDateTime.now",
                    "ZonedDateTime.now",
                    "Date.<init>",
                    "Stopwatch.createStarted",
                    "Thread.sleep",
                    "TimeUnit.sleep",
                    "LockSupport.parkNanos",
                    "Random.<init>",
                    "Math.random",
                    "ThreadLocalRandom.current",
                    "SecureRandom.<init>",
                    "UUID.randomUUID"
                })
        void reports(String call) {
            assertThat(REPORTS).anyMatch(report -> report.contains("." + call + "("));
        }

        @ParameterizedTest
        @ValueSource(strings = {"Offences.byReference()", "Offences.inALambda()"})
        void looksInto(String place) {
            assertThat(REPORTS).anyMatch(report -> report.contains(place) || report.contains("lambda"));
        }

        @Test
        void reportsReferencesToAClockAndToChance() {
            assertThat(REPORTS)
                    .filteredOn(report -> report.contains("byReference"))
                    .hasSize(2);
        }

        @Test
        void permitsItInTheOneClass() {
            assertThat(reportsOf(TimeAndChance.onlyIn(Offences.class.getName()), Offences.class))
                    .isEmpty();
        }

        @Test
        void permitsValuesAndSeeds() {
            assertThat(reportsOf(TimeAndChance.nowhere(), ValuesOnly.class)).isEmpty();
        }
    }

    @Nested
    class ThePackageRules {
        @Test
        void reportAPackageThatIsNotNullMarked() {
            assertThat(reportsOf(PackageRules.NULL_MARKED, Unmarked.class))
                    .singleElement()
                    .asString()
                    .contains("fixture.unmarked is not null-marked");
        }

        @Test
        void permitANullMarkedPackage() {
            JavaClasses ours = MainClasses.ofThisModule();

            assertThat(PackageRules.NULL_MARKED
                            .evaluate(ours)
                            .getFailureReport()
                            .getDetails())
                    .isEmpty();
        }

        @Test
        void reportAClassInFlinksNameSpace() {
            assertThat(reportsOf(PackageRules.NOT_FLINKS, JobID.class)).isNotEmpty();
        }
    }

    private static List<String> reportsOf(ArchRule rule, Class<?>... types) {
        JavaClasses imported = new ClassFileImporter().importClasses(withNested(types));
        return rule.allowEmptyShould(true).evaluate(imported).getFailureReport().getDetails();
    }

    private static List<Class<?>> withNested(Class<?>... types) {
        return Arrays.stream(types)
                .flatMap(type -> Stream.concat(Stream.of(type), Arrays.stream(type.getDeclaredClasses())))
                .toList();
    }
}
