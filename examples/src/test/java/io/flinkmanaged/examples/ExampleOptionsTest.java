package io.flinkmanaged.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.examples.ExampleOptions.BadOptionException;
import io.flinkmanaged.examples.ExampleOptions.Kill;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExampleOptionsTest {

    @Test
    void withoutOptionsATaskManagerIsLostInTheMiddleOfTenSeconds() {
        ExampleOptions options = ExampleOptions.parse(List.of());

        assertThat(options.duration()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.kill()).isEqualTo(Kill.TASKMANAGER);
        assertThat(options.killAtPercent()).isEqualTo(50);
        assertThat(options.output()).isAbsolute().endsWithRaw(Path.of("examples", "target", "flight-delays.csv"));
    }

    @Test
    void aValueFollowsBehindASpaceOrAnEqualsSign() {
        ExampleOptions options =
                ExampleOptions.parse(List.of("--kill", "nothing", "--duration=3", "--output", "a.csv"));

        assertThat(options.kill()).isEqualTo(Kill.NOTHING);
        assertThat(options.duration()).isEqualTo(Duration.ofSeconds(3));
        assertThat(options.output()).isEqualTo(Path.of("a.csv").toAbsolutePath());
    }

    @Test
    void ofTwoValuesTheLastCounts() {
        assertThat(ExampleOptions.parse(List.of("--kill-at", "1", "--kill-at", "99"))
                        .killAtPercent())
                .isEqualTo(99);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--kill everything; --kill: everything (expected: taskmanager|leader|node|all|nothing). Leave it out for taskmanager.",
                "--storage gs; --storage: gs (expected: file|s3|gcs). Leave it out for file.",
                "--launcher cloud; --launcher: cloud (expected: in-process|processes). Leave it out for in-process.",
                "--nodes 2; --nodes: 2 (expected: 1|3). Leave it out for 1.",
                "--lose-everything --launcher processes; --launcher: processes with --lose-everything (expected: "
                        + "in-process). Leave one of both out.",
                "--duration soon; --duration: soon (expected: 1..600). Leave it out for 10.",
                "--duration 0; --duration: 0 (expected: 1..600). Leave it out for 10.",
                "--kill-at 101; --kill-at: 101 (expected: 0..100). Leave it out for 50.",
                "--lose-everything --kill-at 91; --kill-at: 91 (expected: 0..90). Leave it out for 50.",
                "--output; --output: no value (expected: <file>). Write a value behind it.",
                "--output --help; --output: no value (expected: <file>). Write a value behind it."
            })
    void aBadValueIsNamedWithWhatIsExpected(String commandLine, String sentence) {
        assertThatThrownBy(
                        () -> ExampleOptions.parse(List.of(commandLine.strip().split(" +"))))
                .isInstanceOf(BadOptionException.class)
                .hasMessage(sentence);
    }
}
