package io.flinkmanaged.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/** What every package of ours keeps. */
public final class PackageRules {
    /** Every package carries {@code @NullMarked}, else NullAway does not look into it. */
    public static final ArchRule NULL_MARKED = classes().should(beInANullMarkedPackage());

    /** We put nothing into Flink's own name space. */
    public static final ArchRule NOT_FLINKS = noClasses()
            .should()
            .resideInAPackage("org.apache.flink..")
            .as("no package of ours is under org.apache.flink");

    private PackageRules() {}

    private static ArchCondition<JavaClass> beInANullMarkedPackage() {
        return new ArchCondition<>("be in a @NullMarked package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(SimpleConditionEvent.violated(
                            type,
                            "%s: package %s is not null-marked. Give it a package-info.java with @NullMarked."
                                    .formatted(type.getName(), type.getPackageName())));
                }
            }
        };
    }
}
