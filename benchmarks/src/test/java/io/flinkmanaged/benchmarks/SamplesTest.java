package io.flinkmanaged.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void medianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
        assertThat(samples(9, 1, 5).median()).isEqualTo(5);
        assertThat(samples(9, 1, 5, 6).median()).isEqualTo(5.5);
        assertThat(samples(4).median()).isEqualTo(4);
    }

    @Test
    void spansFromTheLeastToTheGreatest() {
        assertThat(samples(9, 1, 5).min()).isEqualTo(1);
        assertThat(samples(9, 1, 5).max()).isEqualTo(9);
    }

    @Test
    void ratioOfMediansDividesOneMedianByTheOther() {
        assertThat(samples(1, 2, 3).ratioOfMedians(samples(8, 4, 5))).isEqualTo(0.4);
    }

    @Test
    void medianOfRatiosIsNotMovedByADriftThatBothSidesShare() {
        Samples drifting = samples(10, 20, 40);
        Samples peer = samples(10, 40, 40);

        assertThat(drifting.medianOfRatios(peer)).isEqualTo(1);
        assertThat(drifting.ratioOfMedians(peer)).isEqualTo(0.5);
    }

    @Test
    void pairsMustBeOfTheSameRounds() {
        assertThatThrownBy(() -> samples(1, 2).medianOfRatios(samples(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: of the same rounds");
    }

    @Test
    void aRateIsTheAmountByTheTime() {
        Samples rates = samples(2, 4).rateOf(8);

        assertThat(rates.values()).containsExactly(4.0, 2.0);
        assertThat(rates.medianOfRatios(samples(4, 2))).isEqualTo(1, within(1e-9));
    }

    @Test
    void thereIsAtLeastOneSample() {
        assertThatThrownBy(() -> new Samples(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static Samples samples(double... values) {
        return new Samples(Arrays.stream(values).boxed().toList());
    }
}
