package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process that operates a cluster is killed in the middle of every kind of action, before the world has changed and after it;
 * the next one takes over and dies in the next action. No number is lost or counted twice, nothing is done that need not be, and
 * no process is left.
 */
@Tag("slow")
class TakeOverOnProcessesTest {

    private static final TakeOverTable TABLE = new TakeOverTable();

    @TempDir
    private Path temporary;

    private final List<Process> libraries = new ArrayList<>();
    private @Nullable Death former;
    private long diedAt = System.currentTimeMillis();

    @AfterEach
    void killWhatIsLeft() throws Exception {
        for (Process library : libraries) {
            EmbedderProgram.kill(library);
        }
        ProcessesBelow.kill(temporary);
    }

    @AfterAll
    static void writeTable() throws IOException {
        TABLE.write();
    }

    @Test
    void oneNode() throws Exception {
        oneDiesAfterTheOther(1);
    }

    @Test
    void threeNodes() throws Exception {
        oneDiesAfterTheOther(3);
    }

    private void oneDiesAfterTheOther(int nodes) throws Exception {
        List<Death> deaths = DyingProgram.deaths(nodes);
        int untilTheEnd = Deaths.on(nodes).size();
        for (int which = 0; which < untilTheEnd; which++) {
            die(nodes, which, deaths);
        }
        long epoch = countsExactly(nodes, deaths.get(untilTheEnd - 1));
        former = null;
        assertThat(epoch).as("epochs that were begun").isEqualTo(epochs(deaths.subList(0, untilTheEnd)));
        for (int which = untilTheEnd; which < deaths.size(); which++) {
            die(nodes, which, deaths);
        }
        try (Scene last = new Scene(temporary, nodes, new MortalProcess())) {
            last.awaitWell();
            healed(nodes, deaths.get(deaths.size() - 1), System.currentTimeMillis() - diedAt, Healing.in(last.diary()));
            assertThat(last.cluster().jobs()).isEmpty();
            last.cluster().terminate();
        }
        assertThat(ProcessesBelow.of(temporary)).isEmpty();
    }

    private static long epochs(List<Death> deaths) {
        return deaths.stream()
                .mapToInt(death -> death.claims() + death.healing().epochs())
                .sum();
    }

    /** A library of this process takes over, and lets go when the jobs have come to their end. */
    private long countsExactly(int nodes, Death last) throws Exception {
        try (Scene scene = new Scene(temporary, nodes, new MortalProcess())) {
            scene.awaitWell();
            long took = System.currentTimeMillis() - diedAt;
            scene.awaitCheckpoints();
            healed(nodes, last, took, Healing.in(scene.diary()));
            Map<String, String> exact = new TreeMap<>();
            Counting.expected(Scene.numbers()).forEach((key, count) -> exact.put(key.toString(), count.toString()));
            for (Path sums : scene.awaitSums()) {
                assertThat(Counting.files(sums)).as("%s", sums).isEqualTo(exact);
            }
            scene.forgetJobs();
            return scene.cluster().epoch();
        }
    }

    private void die(int nodes, int which, List<Death> deaths) throws Exception {
        Death death = deaths.get(which);
        Path log = Files.createDirectories(temporary.resolve("logs")).resolve(nodes + "-" + which);
        Process library = start(
                log, temporary.toString(), Integer.toString(nodes), Integer.toString(which), Long.toString(diedAt));
        libraries.add(library);
        assertThat(library.waitFor(PATIENCE.toSeconds() * 5, TimeUnit.SECONDS)).isTrue();
        diedAt = System.currentTimeMillis();
        assertThat(library.exitValue())
                .as("death %s: %s, %s: %s", which, death.action(), death.when(), Files.readString(log))
                .isEqualTo(MortalProcess.DIED);
        Path report = DyingProgram.report(temporary, which);
        if (former != null && Files.exists(report)) {
            String[] told = Files.readString(report).split(" ", 2);
            healed(nodes, former, Long.parseLong(told[0]), Healing.ofLine(told[1]));
        } else if (former != null) {
            TABLE.note(former, nodes, "the next one dies in its own launch");
        }
        former = death;
    }

    private static void healed(int nodes, Death death, long millis, Healing healing) {
        TABLE.note(death, nodes, millis, healing);
        assertThat(healing).as("after %s, %s", death.action(), death.when()).isEqualTo(death.healing());
    }

    private static Process start(Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // It lives for seconds, beside a cluster on a few cores.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                DyingProgram.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }
}
