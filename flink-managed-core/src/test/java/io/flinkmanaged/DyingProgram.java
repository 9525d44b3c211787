package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An embedder's process that takes over what the one before has left behind, tells what had to be done and how long it took, and
 * dies in the middle of an action of its own.
 */
final class DyingProgram {

    private static final Logger LOG = LoggerFactory.getLogger(DyingProgram.class);

    private DyingProgram() {}

    /** Arguments: the directory of the cluster, its nodes, which of their deaths, and when the process before died. */
    public static void main(String[] arguments) {
        try {
            Path directory = Path.of(arguments[0]);
            int nodes = Integer.parseInt(arguments[1]);
            int which = Integer.parseInt(arguments[2]);
            live(directory, nodes, deaths(nodes).get(which), report(directory, which), Long.parseLong(arguments[3]));
        } catch (Throwable e) {
            LOG.error("It did not die where it should have.", e);
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }

    /** Returns all deaths of a cluster; those at its end come last. */
    static List<Death> deaths(int nodes) {
        return Stream.concat(Deaths.on(nodes).stream(), Deaths.atTheEnd(nodes).stream())
                .toList();
    }

    /** Returns where one that is to die tells what it has found. */
    static Path report(Path directory, int which) {
        return directory.resolve("reports").resolve(Integer.toString(which));
    }

    @SuppressWarnings("resource") // A dying process closes nothing.
    private static void live(Path directory, int nodes, Death death, Path report, long formerDiedAt) throws Exception {
        MortalProcess process = new MortalProcess();
        if (death.fromTheStart()) {
            process.diesAt(death.moment());
        }
        Scene scene = new Scene(directory, nodes, process);
        scene.awaitWell();
        tell(scene, System.currentTimeMillis() - formerDiedAt, report);
        process.diesAt(death.moment());
        death.due().inflict(scene);
        boolean unused = new CountDownLatch(1).await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** When all jobs have a checkpoint, also what came late has been done. */
    private static void tell(Scene scene, long millis, Path report) throws IOException {
        scene.awaitCheckpoints();
        Files.createDirectories(report.getParent());
        Files.writeString(report, millis + " " + Healing.in(scene.diary()).toLine());
    }
}
