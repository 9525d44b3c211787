package io.flinkmanaged.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/** Keeps clocks, sleeps and chance in one place, so that everything else runs on virtual time and runs alike twice. */
public final class TimeAndChance {
    private static final Set<String> FORBIDDEN = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.Thread.sleep",
            "java.lang.Math.random",
            "java.lang.StrictMath.random",
            "java.util.concurrent.TimeUnit.sleep",
            "java.util.Calendar.getInstance",
            "java.util.UUID.randomUUID",
            "java.util.random.RandomGenerator.getDefault",
            "com.google.common.base.Ticker.systemTicker",
            "com.google.common.util.concurrent.Uninterruptibles.sleepUninterruptibly");
    private static final Set<String> FORBIDDEN_WITHOUT_ARGUMENTS = Set.of(
            "java.util.Date.<init>",
            "java.util.GregorianCalendar.<init>",
            "java.util.Random.<init>",
            "java.util.SplittableRandom.<init>",
            "com.google.common.base.Stopwatch.createStarted",
            "com.google.common.base.Stopwatch.createUnstarted");
    private static final Set<String> FORBIDDEN_TYPES =
            Set.of("java.security.SecureRandom", "java.util.concurrent.ThreadLocalRandom");

    private TimeAndChance() {}

    /**
     * Forbids clocks, sleeps, parking and unseeded random numbers. A {@code Random} with a seed is as good as a value.
     *
     * @param source the full name of the one class that may
     * @return the rule for all other classes
     */
    public static ArchRule onlyIn(String source) {
        return noClasses()
                .that(DescribedPredicate.describe("are not " + source, type -> !isPartOf(source, type)))
                .should()
                .accessTargetWhere(
                        DescribedPredicate.describe("it is a clock, a sleep or chance", access -> isForbidden(access)));
    }

    /**
     * Forbids the same everywhere.
     *
     * @return the rule for a module without such a class
     */
    public static ArchRule nowhere() {
        return noClasses()
                .should()
                .accessTargetWhere(
                        DescribedPredicate.describe("it is a clock, a sleep or chance", access -> isForbidden(access)));
    }

    private static boolean isPartOf(String source, JavaClass type) {
        return type.getName().equals(source) || type.getName().startsWith(source + "$");
    }

    private static boolean isForbidden(JavaAccess<?> access) {
        AccessTarget target = access.getTarget();
        String owner = target.getOwner().getName();
        String name = owner + "." + target.getName();
        return FORBIDDEN.contains(name)
                || FORBIDDEN_TYPES.contains(owner)
                || (FORBIDDEN_WITHOUT_ARGUMENTS.contains(name) && hasNoArguments(target))
                || isClockOfJavaTime(owner, target.getName())
                || (owner.equals("java.util.concurrent.locks.LockSupport")
                        && target.getName().startsWith("park"));
    }

    private static boolean isClockOfJavaTime(String owner, String method) {
        return owner.startsWith("java.time.")
                && (method.equals("now")
                        || (owner.equals("java.time.Clock")
                                && (method.startsWith("system") || method.startsWith("tick"))));
    }

    private static boolean hasNoArguments(AccessTarget target) {
        return target instanceof AccessTarget.CodeUnitAccessTarget called
                && called.getRawParameterTypes().isEmpty();
    }
}
