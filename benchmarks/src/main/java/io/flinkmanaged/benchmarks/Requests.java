package io.flinkmanaged.benchmarks;

import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Requests to an S3 server.
 *
 * @param lines operation and key of each
 */
record Requests(List<String> lines) {

    Requests {
        lines = List.copyOf(lines);
    }

    int count() {
        return lines.size();
    }

    /** Returns those whose key is of some kind. */
    Requests about(Predicate<String> key) {
        return new Requests(lines.stream()
                .filter(line -> key.test(line.substring(line.indexOf(' ') + 1)))
                .toList());
    }

    /** Returns for example {@code 7 (HEAD 4, PUT 3)}. */
    @Override
    public String toString() {
        TreeMap<String, Long> byOperation = lines.stream()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        return count()
                + byOperation.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .reduce((some, other) -> some + ", " + other)
                        .map(all -> " (" + all + ")")
                        .orElse("");
    }
}
