package io.flinkmanaged.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param chosen the names of the measurements, in their order
 * @param rounds how often each is repeated
 */
record Options(List<String> chosen, Rounds rounds) {

    private static final String QUICK = "--quick";

    /**
     * Reads the command line.
     *
     * @param args names and {@code --quick}; without a name, everything is chosen
     * @param known the names that there are
     * @throws IllegalArgumentException if a word is neither
     */
    static Options of(List<String> args, Collection<String> known) {
        List<String> names = new ArrayList<>(args);
        boolean quick = names.removeIf(QUICK::equals);
        if (!known.containsAll(names)) {
            throw new IllegalArgumentException(
                    "arguments: " + args + " (expected: " + QUICK + " and any of " + known + ")");
        }
        List<String> chosen = known.stream()
                .filter(name -> names.isEmpty() || names.contains(name))
                .toList();
        return new Options(chosen, quick ? Rounds.QUICK : Rounds.FULL);
    }
}
