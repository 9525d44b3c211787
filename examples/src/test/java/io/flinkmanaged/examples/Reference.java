package io.flinkmanaged.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The right result, computed from the input by a loop that shares no code with the job. */
final class Reference {

    private Reference() {}

    static List<String> inputLines() throws IOException {
        InputStream resource = Objects.requireNonNull(Reference.class.getResourceAsStream(Workspace.RESOURCE));
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }

    static SortedMap<String, IntSummaryStatistics> delaysOfOrigins() throws IOException {
        return inputLines().stream()
                .skip(1)
                .map(line -> line.split(","))
                .collect(Collectors.groupingBy(
                        columns -> columns[1],
                        TreeMap::new,
                        Collectors.summarizingInt(columns -> Integer.parseInt(columns[3]))));
    }

    static List<String> resultLines() throws IOException {
        return Stream.concat(
                        Stream.of("origin,flights,total_delay_minutes,max_delay_minutes"),
                        delaysOfOrigins().entrySet().stream().map(airport -> {
                            IntSummaryStatistics delays = airport.getValue();
                            return airport.getKey() + "," + delays.getCount() + "," + delays.getSum() + ","
                                    + delays.getMax();
                        }))
                .toList();
    }
}
