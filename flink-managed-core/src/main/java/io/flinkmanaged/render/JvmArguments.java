package io.flinkmanaged.render;

import io.flinkmanaged.flink.ProcessMemory;
import io.flinkmanaged.render.RenderedProcess.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The arguments of a JVM besides its class path. */
final class JvmArguments {

    /** What Flink's distribution sets as {@code env.java.opts.all} in its config.yaml for Java 17, word by word. */
    private static final List<String> OPENED = Stream.concat(
                    Stream.of(
                                    "java.base/sun.net.util",
                                    "java.rmi/sun.rmi.registry",
                                    "jdk.compiler/com.sun.tools.javac.api",
                                    "jdk.compiler/com.sun.tools.javac.file",
                                    "jdk.compiler/com.sun.tools.javac.parser",
                                    "jdk.compiler/com.sun.tools.javac.tree",
                                    "jdk.compiler/com.sun.tools.javac.util",
                                    "java.security.jgss/sun.security.krb5")
                            .map(module -> "--add-exports=" + module + "=ALL-UNNAMED"),
                    Stream.of(
                                    "java.lang",
                                    "java.net",
                                    "java.io",
                                    "java.nio",
                                    "sun.nio.ch",
                                    "java.lang.reflect",
                                    "java.text",
                                    "java.time",
                                    "java.util",
                                    "java.util.concurrent",
                                    "java.util.concurrent.atomic",
                                    "java.util.concurrent.locks")
                            .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED"))
            .toList();

    /**
     * Five times Java's own: a method is compiled by the second compiler when it is hot for long, and not because it is hot
     * while a process starts. On two cores that compiler takes the time of the start itself, and of what the start is to
     * heal; what runs for long gets there a moment later.
     */
    private static final List<String> PATIENT_COMPILER = List.of(
            "-XX:Tier4InvocationThreshold=25000",
            "-XX:Tier4MinInvocationThreshold=3000",
            "-XX:Tier4CompileThreshold=75000",
            "-XX:Tier4BackEdgeThreshold=200000");

    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']+|\"[^\"]*\"|'[^']*')+");
    private static final Pattern QUOTES = Pattern.compile("[\"']");

    private JvmArguments() {}

    /**
     * Returns the arguments of a process. A JVM that has run out of memory ends, and is put back: what it would still do
     * cannot be trusted.
     *
     * @param memory its limits
     * @param kind what it is; it runs in its node's directory
     * @param own what a person adds ({@code env.java.opts.…}); last, so that it wins
     */
    static List<String> of(ProcessMemory memory, Kind kind, List<String> own) {
        String directory = kind.directory();
        List<String> arguments = new ArrayList<>(memory.jvmArguments());
        arguments.addAll(OPENED);
        arguments.addAll(PATIENT_COMPILER);
        arguments.addAll(List.of(
                "-XX:+UseG1GC",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:ErrorFile=" + directory + "/log/hs_err_%p.log",
                "-Djava.io.tmpdir=" + kind.temporaryDirectory(),
                "-Dfile.encoding=UTF-8",
                "-Dlog.file=" + directory + "/log/" + directory + ".log",
                "-Dlog4j2.configurationFile=" + directory + "/conf/log4j2.properties"));
        arguments.addAll(own);
        return arguments;
    }

    /** Splits what a person would write for a shell: words by blanks, but not within quotes. */
    static List<String> words(Optional<String> text) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(text.orElse(""));
        while (word.find()) {
            words.add(QUOTES.matcher(word.group()).replaceAll(""));
        }
        return words;
    }
}
