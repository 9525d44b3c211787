package io.flinkmanaged.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * A line of the table.
 *
 * @param measure what was measured
 * @param ours our figures
 * @param peer the peer's name and figures; empty where we are held against a time
 * @param ratio how the two relate
 * @param bound what is asked for
 * @param met whether it is kept
 */
record Row(String measure, String ours, String peer, String ratio, String bound, boolean met) {

    /** Our time against a peer's: ours divided by the peer's. */
    static Row time(String measure, Samples ours, Contender peer, Samples peers, Bound bound) {
        return compared(measure, Unit.SECONDS, ours, peer, peers, ours.ratioOfMedians(peers), bound);
    }

    /** How many times faster we are than a peer: the peer's time divided by ours. */
    static Row faster(String measure, Samples ours, Contender peer, Samples peers, double atLeast) {
        return compared(
                measure,
                Unit.SECONDS,
                ours,
                peer,
                peers,
                peers.ratioOfMedians(ours),
                new Bound(atLeast, false, " × faster"));
    }

    /** Our rate against a peer's, pair by pair: ours divided by the peer's. */
    static Row rate(String measure, Unit unit, Samples ours, Contender peer, Samples peers, Bound bound) {
        return compared(measure, unit, ours, peer, peers, ours.medianOfRatios(peers), bound);
    }

    /** Our time against the clock. */
    static Row seconds(String measure, Samples ours, double atMost) {
        Bound bound = new Bound(atMost, true, " s");
        return new Row(measure, Unit.SECONDS.write(ours), "", "", bound.toString(), bound.isMetBy(ours.median()));
    }

    /** Our time against the clock, where it is short; times in seconds. */
    static Row milliseconds(String measure, Samples ours, double atMost) {
        Bound bound = new Bound(atMost, true, " ms");
        boolean met = bound.isMetBy(ours.median() * 1e3);
        return new Row(measure, Unit.MILLISECONDS.write(ours), "", "", bound.toString(), met);
    }

    /** Our figure against a limit, where it is neither a time nor a peer's. */
    static Row count(String measure, double ours, String unit, double atMost) {
        Bound bound = new Bound(atMost, true, unit);
        return new Row(
                measure,
                String.format(Locale.ROOT, "%.0f", ours) + unit,
                "",
                "",
                bound.toString(),
                bound.isMetBy(ours));
    }

    /** Our requests against a peer's: how many, ours divided by the peer's. */
    static Row requests(String measure, Requests ours, String peer, Requests peers, Bound bound) {
        double ratio = (double) ours.count() / peers.count();
        return new Row(
                measure,
                ours.toString(),
                peer + ": " + peers,
                String.format(Locale.ROOT, "%.3f", ratio),
                bound.toString(),
                bound.isMetBy(ratio));
    }

    private static Row compared(
            String measure, Unit unit, Samples ours, Contender peer, Samples peers, double ratio, Bound bound) {
        return new Row(
                measure,
                unit.write(ours),
                peer.label() + ": " + unit.write(peers),
                String.format(Locale.ROOT, "%.3f", ratio) + bound.suffix(),
                bound.toString(),
                bound.isMetBy(ratio));
    }

    List<String> cells() {
        return List.of(measure, ours, peer, ratio, bound, met ? "yes" : "no");
    }
}
