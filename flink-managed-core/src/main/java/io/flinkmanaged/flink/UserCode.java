package io.flinkmanaged.flink;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Where a job's own classes came from.
 *
 * @param sources the jars and class directories, in order
 * @param onFlinkClassPath whether Flink's class loader sees the very same classes, so that a cluster in this JVM runs
 *     them without a jar
 * @param withoutSource classes whose jar or directory is not known (nested jars, generated classes), by name
 */
public record UserCode(Set<Path> sources, boolean onFlinkClassPath, Set<String> withoutSource) {

    /** Collects the classes as they are loaded while a plan is read. Not thread-safe by itself: callers share a lock. */
    static final class Recorder extends ClassLoader {

        private static final ClassLoader FLINK = StreamExecutionEnvironment.class.getClassLoader();

        private final Set<Path> sources = new TreeSet<>();
        private final Set<String> withoutSource = new TreeSet<>();
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
                addSource(type);
                onFlinkClassPath &= isSeenByFlink(type);
            }
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
            return new UserCode(Set.copyOf(sources), onFlinkClassPath, Set.copyOf(withoutSource));
        }

        private void addSource(Class<?> type) {
            CodeSource source = type.getProtectionDomain().getCodeSource();
            URL location = source == null ? null : source.getLocation();
            if (location == null || !"file".equals(location.getProtocol())) {
                withoutSource.add(type.getName());
                return;
            }
            try {
                sources.add(Path.of(location.toURI()));
            } catch (URISyntaxException | IllegalArgumentException e) {
                // Not a path of this file system: then its jar cannot be kept, and the name says which.
                withoutSource.add(type.getName());
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
