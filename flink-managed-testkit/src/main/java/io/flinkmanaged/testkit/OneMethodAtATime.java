package io.flinkmanaged.testkit;

import io.flinkmanaged.testkit.ClusterTest.Scope;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** One lock for the methods that share a cluster: what one of them breaks, another would see broken. */
final class OneMethodAtATime implements ResourceLocksProvider {

    @Override
    public Set<Lock> provideForMethod(List<Class<?>> enclosing, Class<?> testClass, Method method) {
        List<Class<?>> outwards = new ArrayList<>();
        outwards.add(testClass);
        for (int i = enclosing.size() - 1; i >= 0; i--) {
            outwards.add(enclosing.get(i));
        }
        return outwards.stream()
                .filter(type -> annotation(type).isPresent())
                .findFirst()
                .filter(type -> annotation(type).orElseThrow().scope() == Scope.CLASS)
                .map(type -> Set.of(new Lock("cluster of " + type.getName())))
                .orElse(Set.of());
    }

    private static Optional<ClusterTest> annotation(Class<?> type) {
        return AnnotationSupport.findAnnotation(type, ClusterTest.class);
    }
}
