package io.flinkmanaged.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** Lets contenders take turns, so that whatever else the machine does falls on all of them. */
final class Interleaved {

    private Interleaved() {}

    /**
     * Measures each contender once a round; in each round another one begins.
     *
     * @param name what is measured, for the lines that tell how far it is
     * @param rounds how many rounds
     * @param contenders who takes part
     * @return the samples of each contender, in their order
     * @throws Exception what a contender threw
     */
    static List<Samples> measure(String name, int rounds, List<Contender> contenders) throws Exception {
        List<List<Double>> values =
                contenders.stream().<List<Double>>map(one -> new ArrayList<>()).toList();
        for (int round = 0; round < rounds; round++) {
            for (int turn = 0; turn < contenders.size(); turn++) {
                int index = (round + turn) % contenders.size();
                double seconds = contenders.get(index).timing().call();
                values.get(index).add(seconds);
                System.out.printf(
                        "%s %d/%d, %s: %s%n",
                        name, round + 1, rounds, contenders.get(index).label(), Unit.SECONDS.write(seconds));
            }
        }
        return values.stream().map(Samples::new).toList();
    }
}
