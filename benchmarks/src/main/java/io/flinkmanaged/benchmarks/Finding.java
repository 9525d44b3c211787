package io.flinkmanaged.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a recovery does to find the newest point of one job among ten thousand objects, where each request costs 10 ms. The
 * checkpoint after that point was cut off.
 */
final class Finding implements Measurement {

    private static final int OBJECTS = 10_000;
    private static final int MOST_REQUESTS = 10;

    @Override
    public String name() {
        return "finding";
    }

    @Override
    public List<Row> measure(Rounds rounds, Path directory) throws Exception {
        try (S3Server server = S3Server.start();
                StorageSide ours = StorageSide.ours(directory, server.where())) {
            String point = ours.ask("lose");
            server.crowd(point, OBJECTS);
            List<Double> seconds = new ArrayList<>();
            Requests finding = new Requests(List.of());
            Requests verifying = finding;
            // The first round warms up.
            for (int round = 0; round <= rounds.recovery(); round++) {
                Requests unused = server.takeRequests();
                String[] found = ours.ask("find").split(" ", -1);
                Requests all = server.takeRequests();
                if (!found[1].equals(point)) {
                    throw new IllegalStateException("found: " + found[1] + " (expected: " + point + ")");
                }
                verifying = all.about(key -> isOf(point, key));
                finding = all.about(key -> !isOf(point, key));
                System.out.printf("%s %d: %s s, %s, verifying %s%n", name(), round, found[0], finding, verifying);
                if (round > 0) {
                    seconds.add(Double.parseDouble(found[0]));
                }
            }
            Bound bound = new Bound(MOST_REQUESTS, true, " requests");
            return List.of(new Row(
                    String.format(Locale.ROOT, "finding the newest point among %,d objects", OBJECTS),
                    finding + "; with verification by " + verifying + " " + Unit.SECONDS.write(new Samples(seconds)),
                    "",
                    "",
                    bound.toString(),
                    bound.isMetBy(finding.count())));
        }
    }

    private static boolean isOf(String point, String key) {
        return key.equals(point) || key.startsWith(point + "/") || key.contains("/shared/");
    }
}
