package io.flinkmanaged.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** The JVM of a {@link DoomedProcess}, as its parent sees it. Killed when it is closed, at the latest. */
final class DoomedJvm implements AutoCloseable {

    private final Process process;
    private final Path log;

    private DoomedJvm(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static DoomedJvm start(Workspace workspace, double perSecond, long enough, long seconds) throws IOException {
        Path log = TargetDirectory.find().resolve("flight-delays-lost.log");
        return new DoomedJvm(
                new ProcessBuilder(List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Xmx1g",
                                "-Dflinkmanaged.examples.log=" + log,
                                "-cp",
                                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                                DoomedProcess.class.getName(),
                                workspace.directory().toString(),
                                Double.toString(perSecond),
                                Long.toString(enough),
                                Long.toString(seconds)))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start(),
                log);
    }

    /** Returns its process id. */
    long pid() {
        return process.pid();
    }

    /**
     * Waits until enough flights have passed.
     *
     * @param everySecond told how many have
     * @return how many have
     * @throws IOException if it ended before
     */
    long awaitEnough(LongConsumer everySecond) throws IOException {
        BufferedReader lines = process.inputReader(UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(DoomedProcess.ENOUGH)) {
                return Long.parseLong(line.substring(DoomedProcess.ENOUGH.length()));
            }
            if (line.startsWith(DoomedProcess.AT)) {
                everySecond.accept(Long.parseLong(line.substring(DoomedProcess.AT.length())));
            }
        }
        throw new IOException("The process that operates the cluster ended by itself. More is in " + log + ".");
    }

    /** Kills it without a chance to clean up, and waits for its death. */
    void kill() throws InterruptedException, IOException {
        if (!process.destroyForcibly().waitFor(FlightsCluster.SLACK.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("Process " + process.pid() + " did not die.");
        }
    }

    @Override
    public void close() throws IOException {
        Process unused = process.destroyForcibly();
        process.getInputStream().close();
    }
}
