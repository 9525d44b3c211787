package io.flinkmanaged.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterleavedTest {

    @Test
    void contendersTakeTurnsAndAnotherOneBeginsEachRound() throws Exception {
        List<String> order = new ArrayList<>();

        List<Samples> samples =
                Interleaved.measure("test", 3, List.of(contender("a", 1, order), contender("b", 2, order)));

        assertThat(order).containsExactly("a", "b", "b", "a", "a", "b");
        assertThat(samples).containsExactly(new Samples(List.of(1.0, 1.0, 1.0)), new Samples(List.of(2.0, 2.0, 2.0)));
    }

    private static Contender contender(String name, double seconds, List<String> order) {
        return new Contender(name, () -> {
            order.add(name);
            return seconds;
        });
    }
}
