package io.flinkmanaged.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Another process of this host, running the {@code main} of a test class. It tells what it did by lines on its standard
 * output, and should end when its standard input does, so that it never outlives a test.
 */
public final class ForkedJvm implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private ForkedJvm(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts a small JVM with this JVM's class path. */
    public static ForkedJvm run(Class<?> main, String... arguments) {
        return run(Path.of("").toAbsolutePath(), List.of("-XX:TieredStopAtLevel=1", "-Xmx64m"), main, arguments);
    }

    /** Starts a JVM in a directory, with arguments of its own and this JVM's class path. */
    public static ForkedJvm run(Path directory, List<String> jvmArguments, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        try {
            return new ForkedJvm(new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the next line of its output; {@code "(ended)"} if there is none any more. */
    public String nextLine() {
        try {
            String line = output.readLine();
            return line == null ? "(ended)" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends its standard input. */
    public void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns its process. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Kills it as {@code kill -9} does, and waits until it is dead. */
    public void kill() {
        Process unused = process.destroyForcibly()
                .onExit()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        kill();
    }
}
