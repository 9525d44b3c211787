package io.flinkmanaged.flink;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.jspecify.annotations.Nullable;

/**
 * A job whose classes are in a directory that nobody else has on a class path: compiled, loaded, captured and forgotten.
 */
public final class CompiledJob {

    private static final String SOURCE = """
            package user;

            import java.nio.file.Files;
            import java.nio.file.Path;
            import org.apache.flink.api.common.functions.MapFunction;
            import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
            import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

            public class Job {

                public static void define(StreamExecutionEnvironment environment, String output) throws Exception {
                    environment.setParallelism(1);
                    environment.fromSequence(1, 5)
                            .map(new Twice(output))
                            .uid("twice")
                            .sinkTo(new DiscardingSink<>());
                    environment.executeAsync("twice");
                }

                static class Twice implements MapFunction<Long, Long> {
                    private final String output;

                    Twice(String output) {
                        this.output = output;
                    }

                    @Override
                    public Long map(Long number) throws Exception {
                        Files.writeString(Path.of(output, Helper.twice(number) + ".txt"), "done");
                        return Helper.twice(number);
                    }
                }

                /** Loaded only when the job runs. */
                static class Helper {
                    static long twice(long number) {
                        return 2 * number;
                    }
                }
            }
            """;

    private final Path classes;

    private CompiledJob(Path classes) {
        this.classes = classes;
    }

    /** Compiles the job into a directory. */
    public static CompiledJob into(Path classes) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            Files.createDirectories(classes);
            Path source = Files.writeString(Files.createTempDirectory("user").resolve("Job.java"), SOURCE);
            boolean compiled = compiler.getTask(
                            complaints,
                            files,
                            null,
                            List.of(
                                    "-d",
                                    classes.toString(),
                                    "-proc:none",
                                    "-cp",
                                    System.getProperty(
                                            "surefire.test.class.path", System.getProperty("java.class.path"))),
                            null,
                            files.getJavaFileObjects(source))
                    .call();
            if (!compiled) {
                throw new IllegalStateException(complaints.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new CompiledJob(classes);
    }

    /** Returns where its classes are. */
    public Path classes() {
        return classes;
    }

    /** Runs the job's program with a class loader of its own, which is closed afterwards, and returns what it executed. */
    public CapturedJob capture(Configuration defaults, Path output) throws Exception {
        URL[] urls = {classes.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(urls, CompiledJob.class.getClassLoader())) {
            return capture(defaults, loader, environment -> loader.loadClass("user.Job")
                    .getMethod("define", StreamExecutionEnvironment.class, String.class)
                    .invoke(null, environment, output.toString()));
        }
    }

    /** Runs a program and returns what it executed. */
    public static CapturedJob capture(Configuration defaults, ClassLoader loader, Program program) throws Exception {
        AtomicReference<@Nullable CapturedJob> captured = new AtomicReference<>();
        StreamExecutionEnvironment environment = BoundEnvironment.create(defaults, false, loader, job -> {
            captured.set(job);
            return CompletableFuture.failedFuture(new NotSubmitted());
        });
        try {
            program.define(environment);
        } catch (Exception e) {
            if (ExceptionUtils.findThrowable(e, NotSubmitted.class).isEmpty()) {
                throw e;
            }
        }
        return Objects.requireNonNull(captured.get(), "the program executed nothing");
    }

    /** Code that executes one job. */
    @FunctionalInterface
    public interface Program {
        Object define(StreamExecutionEnvironment environment) throws Exception;
    }

    /** The end of a program whose job is only looked at. */
    private static final class NotSubmitted extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
