package io.flinkmanaged.examples;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a person should know when it is over.
 *
 * @param flights how many flights were read, and counted
 * @param airports the result, one row or more
 * @param recovery how the loss was healed; empty if nothing was lost
 * @param replay how far back the job went
 * @param took how long all of it took
 * @param file where the result is
 */
record Summary(
        long flights,
        List<DelaySummary> airports,
        Optional<Recovery> recovery,
        Replay replay,
        Duration took,
        Path file) {

    /** Returns the summary as lines for a screen. */
    String toText() {
        StringBuilder text = new StringBuilder(String.format("%nSummary%n"));
        add(text, "Flights", "%,d read, %,d counted: each exactly once", flights, flights);
        DelaySummary worst = airports.stream()
                .max(Comparator.comparingLong(DelaySummary::totalDelayMinutes))
                .orElseThrow();
        add(text, "Airports", "%,d", airports.size());
        add(
                text,
                "Most late",
                "%s: %,d minutes in %,d flights, at most %,d in one",
                worst.origin(),
                worst.totalDelayMinutes(),
                worst.flights(),
                worst.maxDelayMinutes());
        recovery.ifPresentOrElse(healed -> addRecovery(text, healed), () -> add(text, "Lost", "nothing"));
        add(text, "Took", "%.1f s", took.toMillis() / 1000.0);
        add(text, "Result", "%s", file);
        return text.toString();
    }

    private void addRecovery(StringBuilder text, Recovery healed) {
        add(text, "Lost", "%s, after %,d flights", healed.lost(), replay.before());
        healed.detected().ifPresent(after -> add(text, "Detected", "%,d ms after its death", after.toMillis()));
        healed.replaced().ifPresent(after -> add(text, "Replaced", "%,d ms after its death", after.toMillis()));
        healed.running().ifPresent(after -> addComeback(text, after, healed.checkpoint()));
    }

    private void addComeback(StringBuilder text, Duration after, Optional<Long> checkpoint) {
        add(text, "Running", "%,d ms after its death, every task", after.toMillis());
        String from = checkpoint
                .map(id -> String.format(Locale.ROOT, "checkpoint %d, at %,d flights", id, replay.restored()))
                .orElse("the beginning: there was no checkpoint yet");
        add(text, "Came back", "from %s", from);
        add(text, "Again", "at least %,d flights were processed again, none was counted twice", replay.again());
    }

    private static void add(StringBuilder text, String subject, String format, Object... values) {
        text.append(String.format(Locale.ROOT, "  %-10s ", subject))
                .append(String.format(Locale.ROOT, format, values))
                .append(System.lineSeparator());
    }
}
