package io.flinkmanaged.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.model.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Types;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserCodeTest {

    private static final ClassLoader LOADER = UserCodeTest.class.getClassLoader();

    @TempDir
    private Path temporary;

    @Test
    void comesFromTheDirectoryOfTheJobsClasses() throws Exception {
        CompiledJob job = CompiledJob.into(temporary.resolve("my classes"));
        UserCode code = job.capture(new Configuration(), temporary).code();
        assertThat(code.sources()).containsExactly(job.classes());
        assertThat(code.onFlinkClassPath()).isFalse();
        assertThat(code.withoutSource()).isEmpty();
    }

    @Test
    void isOnFlinksClassPathWhereFlinksLoaderSeesTheSameClasses() throws Exception {
        UserCode code = CompiledJob.capture(new Configuration(), LOADER, environment -> {
                    environment.fromSequence(1, 5).map(new Same()).sinkTo(new DiscardingSink<>());
                    return environment.executeAsync("same");
                })
                .code();
        assertThat(code.onFlinkClassPath()).isTrue();
        assertThat(code.sources()).containsExactly(directoryOf(UserCodeTest.class));
        assertThat(code.withoutSource()).isEmpty();
    }

    /** A child-first loader of the very same directory: the same names, and other classes. */
    @Test
    void isNotOnFlinksClassPathWhereOnlyTheNamesAreTheSame() throws Exception {
        URL[] urls = {directoryOf(UserCodeTest.class).toUri().toURL()};
        try (URLClassLoader loader = new ChildFirst(urls)) {
            UserCode.Recorder recorder = new UserCode.Recorder(loader);
            assertThat(recorder.loadClass(Same.class.getName())).isNotSameAs(Same.class);
            assertThat(recorder.recorded().onFlinkClassPath()).isFalse();
            assertThat(recorder.recorded().sources()).containsExactly(directoryOf(UserCodeTest.class));
        }
    }

    @Test
    void isNothingForAJobOfFlinksClassesAlone() throws Exception {
        UserCode code = CompiledJob.capture(new Configuration(), LOADER, environment -> {
                    environment.fromSequence(1, 5).sinkTo(new DiscardingSink<>());
                    return environment.executeAsync("nothing of its own");
                })
                .code();
        assertThat(code.sources()).isEmpty();
        assertThat(code.withoutSource()).isEmpty();
        assertThat(code.onFlinkClassPath()).isTrue();
    }

    @Test
    void leavesOutTheClassesOfJavaOfFlinkAndOfThisLibrary() throws Exception {
        UserCode.Recorder recorder = new UserCode.Recorder(LOADER);
        for (Class<?> type : new Class<?>[] {
            String.class, Types.class, MapFunction.class, StreamExecutionEnvironment.class, KeptPlan.class
        }) {
            assertThat(recorder.loadClass(type.getName())).isSameAs(type);
        }
        assertThat(recorder.recorded().sources()).isEmpty();
        assertThat(recorder.recorded().withoutSource()).isEmpty();
        assertThat(recorder.recorded().onFlinkClassPath()).isTrue();
    }

    @Test
    void namesAClassThatComesFromNowhere() throws Exception {
        UserCode.Recorder recorder = new UserCode.Recorder(new OfBytes(Same.class));
        assertThat(recorder.loadClass(Same.class.getName())).isNotSameAs(Same.class);
        UserCode code = recorder.recorded();
        assertThat(code.withoutSource()).containsExactly(Same.class.getName());
        assertThat(code.sources()).isEmpty();
        assertThat(code.onFlinkClassPath()).isFalse();
    }

    @Test
    void includesTheJarsThatTheProgramNames() throws Exception {
        Path jar = Files.writeString(temporary.resolve("my library.jar"), "a jar");
        UserCode.Recorder recorder = new UserCode.Recorder(LOADER);
        recorder.addJar(jar.toUri().toString());
        recorder.addJar("http://repository.example/library.jar");
        assertThat(recorder.recorded().sources()).containsExactly(jar);
        assertThat(recorder.recorded().withoutSource()).containsExactly("http://repository.example/library.jar");
    }

    @Test
    void isCapturedWithTheNameAndTheRecoveryPointOfTheProgram() throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, "file:///savepoints/1");
        CapturedJob job = CompiledJob.into(temporary.resolve("classes")).capture(configuration, temporary);
        assertThat(job.name()).isEqualTo("twice");
        assertThat(job.isNamed()).isTrue();
        assertThat(job.requestedRecoveryPoint()).contains("file:///savepoints/1");
        CapturedJob plain = CompiledJob.capture(new Configuration(), LOADER, environment -> {
            environment.fromSequence(1, 5).sinkTo(new DiscardingSink<>());
            return environment.executeAsync();
        });
        assertThat(plain.isNamed()).isFalse();
        assertThat(plain.requestedRecoveryPoint()).isEmpty();
    }

    @Test
    void isRefusedWithAStateDirectoryOfItsOwn() {
        Configuration own = new Configuration();
        own.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "file:///mine");
        assertThatThrownBy(() -> CompiledJob.capture(new Configuration(), LOADER, environment -> {
                    environment.configure(own);
                    environment.fromSequence(1, 5).sinkTo(new DiscardingSink<>());
                    return environment.executeAsync("mine");
                }))
                .hasStackTraceContaining("execution.checkpointing.dir: file:///mine")
                .satisfies(thrown -> assertThat(Optional.of(thrown)
                                .map(one -> one instanceof InvalidInputException ? one : one.getCause()))
                        .get()
                        .isInstanceOf(InvalidInputException.class));
    }

    private static Path directoryOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static final class Same implements MapFunction<Long, Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public Long map(Long number) {
            return number;
        }
    }

    private static final class ChildFirst extends URLClassLoader {

        ChildFirst(URL[] urls) {
            super(urls, LOADER);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            return name.equals(Same.class.getName()) ? findClass(name) : super.loadClass(name, resolve);
        }
    }

    /** Defines a class from its bytes alone, as frameworks do that generate classes. */
    private static final class OfBytes extends ClassLoader {
        private final Class<?> original;

        OfBytes(Class<?> original) {
            super(LOADER);
            this.original = original;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(original.getName())) {
                return super.loadClass(name, resolve);
            }
            String file = name.replace('.', '/') + ".class";
            try (InputStream in = Objects.requireNonNull(LOADER.getResourceAsStream(file))) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
