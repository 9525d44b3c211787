package io.flinkmanaged.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What one supervisor of a thousand simulated clusters and five real ones takes, in a JVM with a small heap. */
final class Supervision implements Measurement {

    private static final String HEAP = "256m";
    private static final double MEBI = 1 << 20;
    private static final int LOST = 50;
    private static final int SILENT_SECONDS = 120;

    @Override
    public String name() {
        return "supervision";
    }

    @Override
    public List<Row> measure(Rounds rounds, Path directory) throws Exception {
        try (Child child = Child.start(
                "supervisor", CrowdProcess.class, HEAP, jar -> true, Map.of(), List.of(directory.toString()))) {
            try {
                return measure(rounds, child);
            } finally {
                told(child, "close");
            }
        }
    }

    private static List<Row> measure(Rounds rounds, Child child) throws Exception {
        String crowd = rounds.simulated() + " simulated clusters and 5 real ones";
        told(child, "launch 5 real");
        for (int launched = 0; launched < rounds.simulated(); launched += rounds.simulated() / 10) {
            told(child, "launch " + rounds.simulated() / 10 + " simulated");
        }
        told(child, "lag 20");
        double looksBefore = number(child, "looks");
        double actionsBefore = number(child, "actions");
        Stopwatch watch = Stopwatch.started();
        double lag = number(child, "lag 60");
        double looks = (number(child, "looks") - looksBefore) / watch.seconds();
        System.out.printf(Locale.ROOT, "supervision, %s: %.0f looks a second, calm%n", crowd, looks);
        System.out.printf(
                Locale.ROOT,
                "supervision, %s: %.0f actions in that minute%n",
                crowd,
                number(child, "actions") - actionsBefore);
        double threads = number(child, "threads");
        double heap = number(child, "heap") / MEBI;
        Samples alone = lose(child);
        told(child, "silence 1 " + SILENT_SECONDS);
        Samples besideOne = lose(child);
        told(child, "silence 100 " + SILENT_SECONDS);
        Samples besideMany = lose(child);
        double lagBesideMany = number(child, "lag 20");
        return List.of(
                Row.milliseconds("loop lag, 99 of 100 steps, the worst of 60 seconds: " + crowd, one(lag), 250),
                Row.count("threads of the library", threads, "", 16),
                Row.count("heap in use after a collection", heap, " MiB", 256),
                Row.milliseconds("a TaskManager's death until it is told", alone, 250),
                Row.milliseconds("the same while another cluster answers nobody", besideOne, 250),
                Row.milliseconds("the same while 101 others answer nobody", besideMany, 250),
                Row.milliseconds("loop lag while 101 answer nobody", one(lagBesideMany), 250));
    }

    private static Samples one(double value) {
        return new Samples(List.of(value));
    }

    private static Samples lose(Child child) throws Exception {
        return new Samples(Stream.of(told(child, "lose " + LOST).split(" "))
                .map(Double::parseDouble)
                .toList());
    }

    private static double number(Child child, String question) throws Exception {
        return Double.parseDouble(told(child, question));
    }

    private static String told(Child child, String question) throws Exception {
        String answer = child.ask(question);
        System.out.println("supervision: " + question + ": " + answer);
        return answer;
    }
}
