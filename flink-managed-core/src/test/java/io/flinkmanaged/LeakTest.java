package io.flinkmanaged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing grows with the number of clusters that came and went. */
@Tag("slow")
class LeakTest {

    @TempDir
    Path storage;

    @TempDir
    Path temporary;

    @Test
    void leavesNothingBehindAfterTwentyCycles() throws Exception {
        Process program = CyclesProgram.start(storage, temporary);
        List<String> lines;
        try (var out = program.inputReader(UTF_8)) {
            lines = out.lines().toList();
        } finally {
            program.destroyForcibly();
        }

        assertThat(lines).contains("DONE").noneMatch(line -> line.startsWith("GROWTH"));
        // What Flink leaves for good, once a JVM, by name.
        assertThat(after("THREAD ", lines))
                .containsAnyOf("FlinkCompletableFutureDelayScheduler-thread-1")
                .allMatch(LeakTest::isOfTheJvmOrKnown);
        assertThat(after("HOOK ", lines)).allMatch(LeakTest::isOfTheJvmOrLog4j);
    }

    private static List<String> after(String prefix, List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    /** Log4j names its hook's thread so. */
    private static boolean isOfTheJvmOrLog4j(String hook) {
        return hook.equals("java.util.logging.LogManager$Cleaner") || hook.matches("pool-\\d+-thread-1");
    }

    private static boolean isOfTheJvmOrKnown(String thread) {
        // Netty's global executor ends by itself when it has had nothing to do for a second.
        return thread.startsWith("globalEventExecutor")
                || List.of(
                                "main",
                                "Reference Handler",
                                "Finalizer",
                                "Signal Dispatcher",
                                "Notification Thread",
                                "Common-Cleaner",
                                "FlinkCompletableFutureDelayScheduler-thread-1")
                        .contains(thread);
    }
}
