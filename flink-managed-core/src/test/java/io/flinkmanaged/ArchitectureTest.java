package io.flinkmanaged;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import io.flinkmanaged.architecture.FlinkTypes;
import io.flinkmanaged.architecture.MainClasses;
import io.flinkmanaged.architecture.PackageOrder;
import io.flinkmanaged.architecture.PackageRules;
import io.flinkmanaged.architecture.PublicSignatures;
import io.flinkmanaged.architecture.TimeAndChance;
import org.junit.jupiter.api.Test;

/** Holds this module's classes to the rules of the house. */
class ArchitectureTest {
    private final JavaClasses classes = MainClasses.ofThisModule();

    @Test
    void packagesImportOnlyPackagesAboveThem() {
        PackageOrder.below(
                        "io.flinkmanaged",
                        "model",
                        "internal",
                        "event",
                        "journal",
                        "journal.file",
                        "flink",
                        "config",
                        "spec",
                        "storage",
                        "storage.file",
                        "storage.bucket",
                        "security",
                        "render",
                        "node",
                        "launch",
                        "launch.minicluster",
                        "launch.process",
                        "job",
                        "cluster",
                        "supervise",
                        "change")
                .asRule()
                .check(classes);
    }

    @Test
    void flinksOtherTypesStayBehindTheDoors() {
        FlinkTypes.notPublicOnesOnlyIn(
                        "io.flinkmanaged.flink",
                        "io.flinkmanaged.journal.file",
                        "io.flinkmanaged.storage.file",
                        "io.flinkmanaged.node",
                        "io.flinkmanaged.launch.minicluster",
                        "io.flinkmanaged.launch.process")
                .check(classes);
    }

    @Test
    void noPublicSignatureShowsGuavaOrWhatFlinkDoesNotPromise() {
        // What runs in nodes is loaded there by name, and seen by nobody.
        PublicSignatures.SHOW_ONLY_PUBLIC_TYPES.check(
                classes.that(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("io.flinkmanaged.node"))));
    }

    @Test
    void clocksSleepsAndChanceLiveInOneClass() {
        TimeAndChance.onlyIn("io.flinkmanaged.model.SystemTimeSource").check(classes);
    }

    @Test
    void everyPackageIsNullMarked() {
        PackageRules.NULL_MARKED.check(classes);
    }

    @Test
    void noPackageIsFlinks() {
        PackageRules.NOT_FLINKS.check(classes);
    }
}
