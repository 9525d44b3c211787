package io.flinkmanaged.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.util.FileUtils;

/**
 * Measures this library side by side with raw Flink: see {@code docs/benchmarks.md}.
 *
 * <p>The figures decide nothing here: whatever they are, the exit status is 0. It is 1 if something could not be
 * measured.
 */
public final class Benchmarks {

    private static final List<Measurement> ALL = List.of(
            new ColdStart(),
            new FurtherCluster(),
            new LostTaskManager(),
            new LostCluster(),
            new Throughput(),
            new SequentialJobs(),
            new Preview(),
            new Rendering(),
            new Schedulers(),
            new StoragePeers(),
            new Finding(),
            new Failover(),
            new NodeLaunch(),
            new Supervision());

    private Benchmarks() {}

    /**
     * Measures and writes a table, to the console and to the file that the system property {@code benchmarks.report}
     * names.
     *
     * @param args names of measurements, {@code --quick}; everything without a name
     * @throws IOException if the report cannot be written
     */
    public static void main(String[] args) throws IOException {
        Options options =
                Options.of(List.of(args), ALL.stream().map(Measurement::name).toList());
        String machine = Machine.describe();
        System.out.println(machine);
        List<Row> rows = new ArrayList<>();
        boolean complete = true;
        for (Measurement measurement : ALL) {
            if (options.chosen().contains(measurement.name())) {
                complete &= measure(measurement, options.rounds(), rows);
            }
        }
        System.out.println();
        System.out.println(Table.text(rows));
        Path report = Path.of(System.getProperty("benchmarks.report", "benchmarks.md"));
        Files.writeString(report, machine + "\n\n" + Table.markdown(rows));
        System.out.println("Written to " + report);
        // Explicit, because a cluster that was not closed after a failure keeps a JVM alive.
        System.exit(complete ? 0 : 1);
    }

    private static boolean measure(Measurement measurement, Rounds rounds, List<Row> rows) throws IOException {
        Path directory = Files.createTempDirectory("flink-managed-benchmark-");
        try {
            rows.addAll(measurement.measure(rounds, directory));
            return true;
        } catch (Exception e) {
            System.err.println(measurement.name() + ": could not be measured");
            e.printStackTrace();
            return false;
        } finally {
            FileUtils.deleteDirectoryQuietly(directory.toFile());
        }
    }
}
