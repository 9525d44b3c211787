package io.flinkmanaged.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A JVM with a class path of its own, which answers a line with a line. It ends when it is closed. */
final class Child implements AutoCloseable {

    private static final String ANSWER = "answer: ";

    private final String name;
    private final Process process;
    private final BufferedWriter questions;
    private final BufferedReader answers;

    private Child(String name, Process process) {
        this.name = name;
        this.process = process;
        this.questions = process.outputWriter(UTF_8);
        this.answers = process.inputReader(UTF_8);
    }

    /**
     * Starts one.
     *
     * @param name for messages
     * @param main the class whose {@code main} calls {@link #serve}
     * @param heap such as {@code 2g}
     * @param jars which jars of the storage measurements it has, beside those that this process has
     * @param environment further environment variables
     * @param arguments of {@code main}
     */
    static Child start(
            String name,
            Class<?> main,
            String heap,
            Predicate<String> jars,
            Map<String, String> environment,
            List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-Dlog4j2.configurationFile=benchmarks-log4j2.properties",
                "-cp",
                classPath(jars),
                main.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
        builder.environment().putAll(environment);
        return new Child(name, builder.start());
    }

    /** Asks and waits for the answer. */
    String ask(String question) throws Exception {
        questions.write(question + "\n");
        questions.flush();
        try {
            return Patience.await(CompletableFuture.supplyAsync(() -> answerTo(question)));
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    name + ": no answer to \"" + question + "\" (expected: within " + Patience.LIMIT
                            + "). Look whether the machine is busy.",
                    e);
        }
    }

    private String answerTo(String question) {
        try {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith(ANSWER)) {
                    return line.substring(ANSWER.length());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(name + ": " + question + ": " + e, e);
        }
        throw new IllegalStateException(name + ": ended at \"" + question + "\" (expected: an answer). See above.");
    }

    /** Answers the lines of standard input in the process, until they end. */
    static void serve(Service service) throws Exception {
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        PrintStream out = System.out;
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            List<String> words = List.of(line.split(" ", -1));
            out.println(ANSWER + service.answer(words.get(0), words.subList(1, words.size())));
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The build writes down which jars there are. */
    private static String classPath(Predicate<String> jars) throws IOException {
        String own = System.getProperty("java.class.path");
        String further = Files.readString(Path.of(System.getProperty("benchmarks.storage.classpath")), UTF_8);
        Set<String> entries = new LinkedHashSet<>();
        for (String path : List.of(own, further)) {
            entries.addAll(List.of(path.strip().split(Pattern.quote(File.pathSeparator), -1)));
        }
        return entries.stream().filter(jars).collect(Collectors.joining(File.pathSeparator));
    }

    /** What a process can do. */
    @FunctionalInterface
    interface Service {
        Object answer(String verb, List<String> words) throws Exception;
    }
}
