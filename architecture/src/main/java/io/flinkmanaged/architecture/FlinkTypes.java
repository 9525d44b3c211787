package io.flinkmanaged.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Optional;

/** Tells the types that Flink promises to keep from those that it does not. */
public final class FlinkTypes {
    private static final String ANNOTATIONS = "org.apache.flink.annotation";
    private static final String PUBLIC = ANNOTATIONS + ".Public";
    private static final String PUBLIC_EVOLVING = ANNOTATIONS + ".PublicEvolving";
    private static final String INTERNAL = ANNOTATIONS + ".Internal";
    private static final String EXPERIMENTAL = ANNOTATIONS + ".Experimental";

    /** Flink's types that carry neither {@code @Public} nor {@code @PublicEvolving}, themselves or around them. */
    public static final DescribedPredicate<JavaClass> NOT_PUBLIC =
            DescribedPredicate.describe("Flink types that are not public", FlinkTypes::isNotPublic);

    private FlinkTypes() {}

    /**
     * Keeps Flink's other types behind doors.
     *
     * @param doors the packages that may use them, without their sub-packages
     * @return the rule for all other packages
     */
    public static ArchRule notPublicOnesOnlyIn(String... doors) {
        return noClasses()
                .that(DescribedPredicate.not(resideInAnyPackage(doors)))
                .should()
                .dependOnClassesThat(NOT_PUBLIC);
    }

    private static boolean isNotPublic(JavaClass type) {
        JavaClass component = type.getBaseComponentType();
        return isFlinks(component) && !isAnnotatedAsPublic(component);
    }

    private static boolean isFlinks(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith("org.apache.flink") && !name.equals(ANNOTATIONS);
    }

    /** The nearest annotation counts, so an {@code @Internal} class in a public one is not public. */
    private static boolean isAnnotatedAsPublic(JavaClass type) {
        for (Optional<JavaClass> at = Optional.of(type);
                at.isPresent();
                at = at.get().getEnclosingClass()) {
            JavaClass candidate = at.get();
            if (candidate.isAnnotatedWith(PUBLIC) || candidate.isAnnotatedWith(PUBLIC_EVOLVING)) {
                return true;
            }
            if (candidate.isAnnotatedWith(INTERNAL) || candidate.isAnnotatedWith(EXPERIMENTAL)) {
                return false;
            }
        }
        return false;
    }
}
