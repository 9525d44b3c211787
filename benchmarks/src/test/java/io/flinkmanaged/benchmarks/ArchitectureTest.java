package io.flinkmanaged.benchmarks;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.flinkmanaged.architecture.MainClasses;
import io.flinkmanaged.architecture.PackageRules;
import org.junit.jupiter.api.Test;

/** Holds this module's classes to the rules of the house. */
class ArchitectureTest {
    private final JavaClasses classes = MainClasses.ofThisModule();

    @Test
    void everyPackageIsNullMarked() {
        PackageRules.NULL_MARKED.check(classes);
    }

    @Test
    void noPackageIsFlinks() {
        PackageRules.NOT_FLINKS.check(classes);
    }
}
