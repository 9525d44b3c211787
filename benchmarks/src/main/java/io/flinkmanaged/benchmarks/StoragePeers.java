package io.flinkmanaged.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A checkpoint and a restore of state on S3, where each request costs 10 ms: our adapter on Flink's native file system,
 * against Flink's plug-ins for Presto's and Hadoop's. Each has a JVM of its own.
 */
final class StoragePeers implements Measurement {

    private static final List<Size> SIZES = List.of(
            new Size("200 MB, RocksDB", "rocksdb", 50_000),
            new Size("200 MB, HashMap", "hashmap", 50_000),
            new Size("0.4 MB, HashMap", "hashmap", 100));

    private static final Bound NOT_SLOWER = Bound.atMost(1.00);

    @Override
    public String name() {
        return "storage";
    }

    @Override
    public List<Row> measure(Rounds rounds, Path directory) throws Exception {
        List<Row> rows = new ArrayList<>();
        try (S3Server server = S3Server.start();
                StorageSide ours = StorageSide.ours(directory, server.where());
                StorageSide presto = StorageSide.plugin("flink-s3-fs-presto", directory, server.where());
                StorageSide hadoop = StorageSide.plugin("flink-s3-fs-hadoop", directory, server.where())) {
            for (Size size : SIZES) {
                rows.addAll(measure(server, List.of(ours, presto, hadoop), size, rounds.storage()));
            }
        }
        return rows;
    }

    private List<Row> measure(S3Server server, List<StorageSide> sides, Size size, int rounds) throws Exception {
        List<List<StorageTurn>> turns =
                sides.stream().<List<StorageTurn>>map(side -> new ArrayList<>()).toList();
        // The first round warms up.
        for (int round = 0; round <= rounds; round++) {
            for (int turn = 0; turn < sides.size(); turn++) {
                int index = (round + turn) % sides.size();
                StorageSide side = sides.get(index);
                StorageTurn taken = StorageTurn.of(server, side, size.backend(), size.values());
                System.out.printf(
                        "%s, %s %d/%d, %s: checkpoint %s %s, restore %s %s%n",
                        name(),
                        size.label(),
                        round,
                        rounds,
                        side.label(),
                        Unit.SECONDS.write(taken.checkpointSeconds()),
                        taken.checkpoint(),
                        Unit.SECONDS.write(taken.restoreSeconds()),
                        taken.restore());
                if (round > 0) {
                    turns.get(index).add(taken);
                }
            }
        }
        List<Row> rows = new ArrayList<>();
        rows.addAll(rows(
                size.label() + ": checkpoint", sides, turns, StorageTurn::checkpointSeconds, StorageTurn::checkpoint));
        rows.addAll(rows(size.label() + ": restore", sides, turns, StorageTurn::restoreSeconds, StorageTurn::restore));
        return rows;
    }

    private static List<Row> rows(
            String measure,
            List<StorageSide> sides,
            List<List<StorageTurn>> turns,
            ToDoubleFunction<StorageTurn> seconds,
            Function<StorageTurn, Requests> requests) {
        List<Samples> times = turns.stream()
                .map(of -> new Samples(of.stream().mapToDouble(seconds).boxed().toList()))
                .toList();
        List<Requests> asked = turns.stream()
                .map(of -> median(of.stream().map(requests).toList()))
                .toList();
        List<Row> rows = new ArrayList<>();
        for (int peer = 1; peer < sides.size(); peer++) {
            String label = sides.get(peer).label();
            rows.add(Row.time(measure, times.get(0), new Contender(label, () -> 0.0), times.get(peer), NOT_SLOWER));
            rows.add(Row.requests(measure + ", requests", asked.get(0), label, asked.get(peer), NOT_SLOWER));
        }
        return rows;
    }

    private static Requests median(List<Requests> all) {
        return all.stream()
                .sorted(Comparator.comparingInt(Requests::count))
                .toList()
                .get(all.size() / 2);
    }

    private record Size(String label, String backend, int values) {}
}
