package io.flinkmanaged.examples;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import io.flinkmanaged.architecture.FlinkTypes;
import io.flinkmanaged.architecture.MainClasses;
import io.flinkmanaged.architecture.PackageRules;
import org.apache.flink.connector.file.sink.FileSink;
import org.junit.jupiter.api.Test;

/** Holds this module's classes to the rules of the house. */
class ArchitectureTest {

    /** Flink's documentation has no other exactly-once sink for files, yet the class is marked experimental to this day. */
    private static final DescribedPredicate<JavaClass> FILE_SINK = DescribedPredicate.describe(
            "Flink's FileSink", type -> type.getName().startsWith(FileSink.class.getName()));

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
    void examplesNeedOnlyWhatFlinkPromises() {
        noClasses()
                .should()
                .dependOnClassesThat(FlinkTypes.NOT_PUBLIC.and(not(FILE_SINK)))
                .check(classes);
    }
}
