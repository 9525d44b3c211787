package io.flinkmanaged;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What this JVM holds that a cluster could leave behind.
 *
 * @param threads the names of all threads
 * @param shutdownHooks the classes of all shutdown hooks
 * @param openFiles file descriptors
 * @param temporaryFiles entries of the temporary directory
 * @param classes loaded classes
 */
record Footprint(List<String> threads, List<String> shutdownHooks, long openFiles, long temporaryFiles, int classes) {

    /** Takes it after a garbage collection, so that class loaders nobody holds are gone. */
    static Footprint taken() throws IOException, ReflectiveOperationException {
        System.gc();
        return new Footprint(
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .sorted()
                        .toList(),
                hooks(),
                count(Path.of("/proc/self/fd")),
                count(Path.of(System.getProperty("java.io.tmpdir"))),
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
    }

    /** Returns in what this one exceeds a former one. */
    List<String> exceeding(Footprint former) {
        List<String> exceeding = new ArrayList<>();
        if (threads.size() > former.threads.size()) {
            exceeding.add("threads: " + threads + ", before " + former.threads);
        }
        if (shutdownHooks.size() > former.shutdownHooks.size()) {
            exceeding.add("shutdown hooks: " + shutdownHooks + ", before " + former.shutdownHooks);
        }
        if (openFiles > former.openFiles) {
            exceeding.add("open files: " + openFiles + ", before " + former.openFiles);
        }
        if (temporaryFiles > former.temporaryFiles) {
            exceeding.add("temporary files: " + temporaryFiles + ", before " + former.temporaryFiles);
        }
        if (classes > former.classes) {
            exceeding.add("classes: " + classes + ", before " + former.classes);
        }
        return exceeding;
    }

    private static List<String> hooks() throws ReflectiveOperationException {
        Field field = Class.forName("java.lang.ApplicationShutdownHooks").getDeclaredField("hooks");
        field.setAccessible(true);
        Map<?, ?> hooks = (Map<?, ?>) field.get(null);
        return hooks.keySet().stream()
                .map(Thread.class::cast)
                .map(hook -> hook.getClass() == Thread.class
                        ? hook.getName()
                        : hook.getClass().getName())
                .sorted()
                .toList();
    }

    private static long count(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return 0;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        }
    }
}
