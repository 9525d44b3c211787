package io.flinkmanaged.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Optional;

/**
 * A total order of packages below a root, so no two can form a circle. A package imports only packages named before
 * it. A name with a dot ({@code journal.file}) is a leaf: it imports its parent and what its parent may, and only the
 * root imports it. The root itself comes last and imports all.
 */
public final class PackageOrder {
    private final String root;
    private final List<String> names;

    private PackageOrder(String root, List<String> names) {
        this.root = root;
        this.names = names;
    }

    /**
     * Orders the packages of a module.
     *
     * @param root the package that sees all others
     * @param names the packages below it, relative to it, first the one that sees no other
     * @return the order
     */
    public static PackageOrder below(String root, String... names) {
        return new PackageOrder(root, List.of(names));
    }

    /**
     * The order as a rule.
     *
     * @return a rule that reports each import against the order, and each package that the order does not name
     */
    public ArchRule asRule() {
        return classes().that().resideInAPackage(root + "..").should(new ArchCondition<>("keep the order of packages") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                placeOf(type)
                        .ifPresentOrElse(
                                place -> reportImportsAgainstTheOrder(type, place, events),
                                () -> events.add(SimpleConditionEvent.violated(
                                        type,
                                        type.getName() + ": its package has no place in the order. Give it one.")));
            }
        });
    }

    private void reportImportsAgainstTheOrder(JavaClass type, String from, ConditionEvents events) {
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            JavaClass target = dependency.getTargetClass().getBaseComponentType();
            placeOf(target)
                    .filter(to -> !mayImport(from, to))
                    .ifPresent(to -> events.add(SimpleConditionEvent.violated(
                            dependency,
                            "%s must not import %s: %s"
                                    .formatted(describe(from), describe(to), dependency.getDescription()))));
        }
    }

    private boolean mayImport(String from, String to) {
        if (from.equals(to) || from.isEmpty()) {
            return true;
        }
        if (to.isEmpty() || isLeaf(to)) {
            return false;
        }
        return isLeaf(from)
                ? names.indexOf(to) <= names.indexOf(parentOf(from))
                : names.indexOf(to) < names.indexOf(from);
    }

    /** The package's name below the root, empty for the root; absent for a type of others or without a place. */
    private Optional<String> placeOf(JavaClass type) {
        String name = type.getPackageName();
        if (name.equals(root)) {
            return Optional.of("");
        }
        return Optional.of(name)
                .filter(it -> it.startsWith(root + "."))
                .map(it -> it.substring(root.length() + 1))
                .filter(names::contains);
    }

    private static boolean isLeaf(String name) {
        return name.contains(".");
    }

    private static String parentOf(String leaf) {
        return leaf.substring(0, leaf.lastIndexOf('.'));
    }

    private static String describe(String name) {
        return name.isEmpty() ? "the root" : "." + name;
    }
}
