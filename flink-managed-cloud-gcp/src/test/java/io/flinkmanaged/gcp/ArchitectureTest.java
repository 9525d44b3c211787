package io.flinkmanaged.gcp;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.flinkmanaged.architecture.MainClasses;
import io.flinkmanaged.architecture.PackageRules;
import io.flinkmanaged.architecture.PublicSignatures;
import io.flinkmanaged.architecture.TimeAndChance;
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

    @Test
    void noPublicSignatureShowsGuavaOrWhatFlinkDoesNotPromise() {
        PublicSignatures.SHOW_ONLY_PUBLIC_TYPES.check(classes);
    }

    @Test
    void knowsNoClockNoSleepAndNoChance() {
        TimeAndChance.nowhere().check(classes);
    }
}
