package io.flinkmanaged.node;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The main class of a JVM that rehearses first, and is a process of Flink then: at once, or when it is told to. Told to, it
 * starts in a fraction of the time, because what it needs is loaded, and compiled where it was hot.
 */
public final class PreparedProcess {

    /** The file by which it says, in the directory that it was given, that its rehearsal is over. */
    public static final String READY = "ready";

    /** The file by which it is told, there, to begin. */
    public static final String BEGIN = "begin";

    /** What is given in the place of a directory to one that waits for nobody. */
    public static final String AT_ONCE = "at-once";

    private static final String LOG_CONFIGURATION = "log4j2.configurationFile";
    private static final long LOOK_SECONDS = 1;

    private PreparedProcess() {}

    /**
     * Prepares itself and becomes another main class.
     *
     * @param arguments the directory for {@link #READY} and {@link #BEGIN}, or {@link #AT_ONCE}; the main class; its
     *     arguments
     * @throws Throwable what the main class throws
     */
    public static void main(String[] arguments) throws Throwable {
        String configuration = System.getProperty(LOG_CONFIGURATION, "");
        // The log file is another process's until this one begins.
        System.setProperty(
                LOG_CONFIGURATION, configuration.replace("log4j2.properties", "log4j2-rehearsal.properties"));
        Rehearsal.play(System.getProperty("java.io.tmpdir"));
        if (!arguments[0].equals(AT_ONCE)) {
            awaitTurn(Path.of(arguments[0]));
        }
        logTo(configuration);
        MainClass.become(Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    private static void awaitTurn(Path place) throws IOException, InterruptedException {
        try (WatchService changes = FileSystems.getDefault().newWatchService()) {
            Object unused = place.register(changes, StandardWatchEventKinds.ENTRY_CREATE);
            Files.createFile(place.resolve(READY));
            while (!Files.exists(place.resolve(BEGIN))) {
                // Not every file system tells of changes.
                WatchKey change = changes.poll(LOOK_SECONDS, TimeUnit.SECONDS);
                if (change != null) {
                    change.pollEvents().clear();
                    boolean unusedToo = change.reset();
                }
            }
        }
    }

    /** A distribution may log by something else than Log4j's core; then there is nothing to change. */
    private static void logTo(String configuration) {
        System.setProperty(LOG_CONFIGURATION, configuration);
        try {
            Class.forName("org.apache.logging.log4j.core.config.Configurator")
                    .getMethod("reconfigure", URI.class)
                    .invoke(null, Path.of(configuration).toUri());
        } catch (ReflectiveOperationException e) {
            System.err.println("Logging stays as it was in the rehearsal: " + e);
        }
    }
}
