package io.flinkmanaged.testkit;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.testkit.ClusterTest.Scope;
import io.flinkmanaged.testkit.proof.ExactlyOnceProof;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives the tests of a class their cluster. It keeps nothing itself: what is begun lies in the store of the class, or of the
 * method, which closes it when that ends, however it ends.
 */
final class ClusterExtension
        implements BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                ParameterResolver,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler {

    private static final Namespace NAMESPACE = Namespace.create(ClusterExtension.class);
    private static final String CLUSTER = "cluster";
    private static final String PROOF = "proof";

    private static final Set<Class<?>> GIVEN =
            Set.of(ManagedCluster.class, ManagedFlink.class, Faults.class, ExactlyOnceProof.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        if (annotation(owner(context)).scope() == Scope.CLASS) {
            ClusterFixture unused = fixture(context);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        attaching(context, () -> fixture(context).beforeTest());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        fixture(context).afterTest();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return GIVEN.contains(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        boolean forTest = context.getTestMethod().isPresent();
        boolean onlyForTest =
                type == ExactlyOnceProof.class || annotation(owner(context)).scope() == Scope.METHOD;
        if (onlyForTest && !forTest) {
            throw new ParameterResolutionException(type.getSimpleName() + ": asked for by "
                    + parameter.getDeclaringExecutable()
                    + " (expected: by a test, or a method before or after each). It is another one for each test.");
        }
        if (type == ExactlyOnceProof.class) {
            return proof(context);
        }
        ClusterFixture fixture = fixture(context);
        if (type == Faults.class) {
            return fixture.faults();
        }
        return type == ManagedFlink.class ? fixture.flink() : fixture.cluster();
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw attached(context, failure);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw attached(context, failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw attached(context, failure);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw attached(context, failure);
    }

    @Override
    public void handleAfterAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw attached(context, failure);
    }

    private static void attaching(ExtensionContext context, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            Throwable unused = attached(context, e);
            throw e;
        }
    }

    private static Throwable attached(ExtensionContext context, Throwable failure) {
        Optional.ofNullable(store(context).get(CLUSTER, ClusterFixture.class))
                .ifPresent(fixture -> ClusterDiagnostics.attach(context, fixture, failure));
        return failure;
    }

    private static ClusterFixture fixture(ExtensionContext context) {
        return store(context)
                .getOrComputeIfAbsent(
                        CLUSTER,
                        key -> ClusterFixture.start(
                                annotation(owner(context)), owner(context).getRequiredTestClass()),
                        ClusterFixture.class);
    }

    private static ExactlyOnceProof proof(ExtensionContext context) {
        ClusterFixture fixture = fixture(context);
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(PROOF, key -> fixture.newProof(), ExactlyOnceProof.class);
    }

    /** The store of whoever the cluster is for. */
    private static ExtensionContext.Store store(ExtensionContext context) {
        ExtensionContext owner = owner(context);
        boolean shared = annotation(owner).scope() == Scope.CLASS;
        return (shared ? owner : context).getStore(NAMESPACE);
    }

    /** The nearest class with the annotation: a nested one without shares the cluster of the one around it. */
    private static ExtensionContext owner(ExtensionContext context) {
        ExtensionContext candidate = context;
        while (candidate.getTestMethod().isPresent() || found(candidate).isEmpty()) {
            candidate = candidate.getParent().orElseThrow();
        }
        return candidate;
    }

    private static ClusterTest annotation(ExtensionContext owner) {
        return found(owner).orElseThrow();
    }

    private static Optional<ClusterTest> found(ExtensionContext context) {
        return context.getTestClass().flatMap(type -> AnnotationSupport.findAnnotation(type, ClusterTest.class));
    }
}
