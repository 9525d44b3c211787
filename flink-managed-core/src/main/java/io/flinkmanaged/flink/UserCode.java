package io.flinkmanaged.flink;

import java.lang.reflect.Method;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * Where a job's own classes came from.
 *
 * @param sources the jars and class directories, in order
 * @param onFlinkClassPath whether Flink's class loader sees the very same classes, so that a cluster in this JVM runs
 *     them without a jar
 * @param withoutSource classes whose jar or directory is not known (nested jars, generated classes), by name
 * @param besideLambdas the jars and class directories of what classes with lambdas speak of in their methods: to read back a
 *     serialized lambda, Java resolves the types of all methods of its class, this library's among them
 */
public record UserCode(
        Set<Path> sources, boolean onFlinkClassPath, Set<String> withoutSource, Set<Path> besideLambdas) {

    /**
     * Makes one of a job without lambdas.
     *
     * @param sources the jars and class directories
     * @param onFlinkClassPath whether Flink's class loader sees the very same classes
     * @param withoutSource classes whose jar or directory is not known
     */
    public UserCode(Set<Path> sources, boolean onFlinkClassPath, Set<String> withoutSource) {
        this(sources, onFlinkClassPath, withoutSource, Set.of());
    }

    /** Returns where a job's classes come from for a cluster outside of this JVM. */
    public Set<Path> sourcesOutside() {
        Set<Path> all = new TreeSet<>(sources);
        all.addAll(besideLambdas);
        return all;
    }

    /** Collects the classes as they are loaded while a plan is read. Not thread-safe by itself: callers share a lock. */
    static final class Recorder extends ClassLoader {

        private static final ClassLoader FLINK = StreamExecutionEnvironment.class.getClassLoader();

        private final Set<Path> sources = new TreeSet<>();
        private final Set<String> withoutSource = new TreeSet<>();
        private final Set<Path> besideLambdas = new TreeSet<>();
        private boolean onFlinkClassPath = true;

        Recorder(ClassLoader userClassLoader) {
            super(userClassLoader);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> type = super.loadClass(name, resolve);
            record(type);
            return type;
        }

        synchronized void record(Class<?> type) {
            if (type.getClassLoader() == null || type.getClassLoader() == ClassLoader.getPlatformClassLoader()) {
                return;
            }
            if (!FlinkClassPath.contains(type)) {
                sourceOf(type).ifPresentOrElse(sources::add, () -> withoutSource.add(type.getName()));
                onFlinkClassPath &= isSeenByFlink(type);
                recordWhatItsLambdasNeed(type);
            }
        }

        private void recordWhatItsLambdasNeed(Class<?> type) {
            Method[] methods;
            try {
                methods = type.getDeclaredMethods();
            } catch (LinkageError e) {
                // Then none of its lambdas can be read back here either, which is said where that is tried.
                return;
            }
            if (Stream.of(methods).anyMatch(method -> method.getName().equals("$deserializeLambda$"))) {
                Set<Class<?>> seen = new HashSet<>();
                for (Method method : methods) {
                    recordWithSupertypes(method.getReturnType(), seen);
                    Stream.of(method.getParameterTypes()).forEach(parameter -> recordWithSupertypes(parameter, seen));
                }
            }
        }

        /** To load a type, Java loads those that it extends. */
        private void recordWithSupertypes(@Nullable Class<?> type, Set<Class<?>> seen) {
            if (type == null || !seen.add(type)) {
                return;
            }
            if (type.isArray()) {
                recordWithSupertypes(type.getComponentType(), seen);
            }
            boolean isOfNodes = FlinkClassPath.contains(type) && !FlinkClassPath.isOfLibrary(type);
            if (type.getClassLoader() == null
                    || type.getClassLoader() == ClassLoader.getPlatformClassLoader()
                    || isOfNodes) {
                return;
            }
            sourceOf(type).ifPresent(besideLambdas::add);
            recordWithSupertypes(type.getSuperclass(), seen);
            Stream.of(type.getInterfaces()).forEach(parent -> recordWithSupertypes(parent, seen));
        }

        /** Adds a jar that the program named in {@code pipeline.jars}. */
        synchronized void addJar(String uri) {
            try {
                sources.add(Path.of(URI.create(uri)));
            } catch (IllegalArgumentException | FileSystemNotFoundException e) {
                withoutSource.add(uri);
            }
        }

        synchronized UserCode recorded() {
            return new UserCode(
                    Set.copyOf(sources), onFlinkClassPath, Set.copyOf(withoutSource), Set.copyOf(besideLambdas));
        }

        private static Optional<Path> sourceOf(Class<?> type) {
            CodeSource source = type.getProtectionDomain().getCodeSource();
            URL location = source == null ? null : source.getLocation();
            if (location == null || !"file".equals(location.getProtocol())) {
                return Optional.empty();
            }
            try {
                return Optional.of(Path.of(location.toURI()));
            } catch (URISyntaxException | IllegalArgumentException e) {
                // Not a path of this file system: then its jar cannot be kept, and the name says which.
                return Optional.empty();
            }
        }

        private static boolean isSeenByFlink(Class<?> type) {
            try {
                return Class.forName(type.getName(), false, FLINK) == type;
            } catch (ClassNotFoundException | LinkageError e) {
                return false;
            }
        }
    }
}
