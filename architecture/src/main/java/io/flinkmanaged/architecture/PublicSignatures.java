package io.flinkmanaged.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.JavaTypeVariable;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What whoever embeds us can see, and so must be able to rely on. */
public final class PublicSignatures {
    private static final DescribedPredicate<JavaClass> GUAVAS = DescribedPredicate.describe(
            "Guava types", type -> type.getPackageName().startsWith("com.google.common"));

    /**
     * No public class shows a Guava type, or a Flink type that is not public, in a supertype or in the signature of a
     * public or protected member, type arguments and bounds included.
     */
    public static final ArchRule SHOW_ONLY_PUBLIC_TYPES = classes()
            .that(DescribedPredicate.describe("can be seen", PublicSignatures::canBeSeen))
            .should(showOnly())
            .allowEmptyShould(true); // a young module shows nothing yet

    private PublicSignatures() {}

    private static ArchCondition<JavaClass> showOnly() {
        return new ArchCondition<>("show neither Guava types nor Flink types that are not public") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                report(type.getFullName(), supertypesAndBounds(type), type, events);
                for (JavaMember member : type.getMembers()) {
                    if (canBeSeen(member)) {
                        report(member.getFullName(), typesOf(member), member, events);
                    }
                }
            }
        };
    }

    private static void report(String where, Stream<JavaType> shown, Object subject, ConditionEvents events) {
        shown.flatMap(type -> type.getAllInvolvedRawTypes().stream())
                .map(JavaClass::getBaseComponentType)
                .filter(FlinkTypes.NOT_PUBLIC.or(GUAVAS))
                .distinct()
                .forEach(type -> events.add(SimpleConditionEvent.violated(
                        subject, "%s shows %s. Hide it, or show a type of ours.".formatted(where, type.getName()))));
    }

    private static Stream<JavaType> supertypesAndBounds(JavaClass type) {
        return Stream.of(type.getSuperclass().stream(), type.getInterfaces().stream(), bounds(type.getTypeParameters()))
                .flatMap(shown -> shown);
    }

    private static Stream<JavaType> typesOf(JavaMember member) {
        if (member instanceof JavaField field) {
            return Stream.of(field.getType());
        }
        JavaCodeUnit method = (JavaCodeUnit) member;
        return Stream.of(
                        Stream.of(method.getReturnType()),
                        method.getParameterTypes().stream(),
                        method.getExceptionTypes().stream(),
                        bounds(method.getTypeParameters()))
                .flatMap(shown -> shown);
    }

    private static Stream<JavaType> bounds(Collection<? extends JavaTypeVariable<?>> parameters) {
        return parameters.stream().map(JavaTypeVariable::getUpperBounds).flatMap(List::stream);
    }

    private static boolean canBeSeen(JavaClass type) {
        for (Optional<JavaClass> at = Optional.of(type);
                at.isPresent();
                at = at.get().getEnclosingClass()) {
            if (!isPublicOrProtected(at.get().getModifiers())) {
                return false;
            }
        }
        return true;
    }

    private static boolean canBeSeen(JavaMember member) {
        return isPublicOrProtected(member.getModifiers())
                && !member.getModifiers().contains(JavaModifier.SYNTHETIC);
    }

    private static boolean isPublicOrProtected(Collection<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }
}
