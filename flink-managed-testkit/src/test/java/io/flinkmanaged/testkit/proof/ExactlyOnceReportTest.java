package io.flinkmanaged.testkit.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.testkit.proof.ExactlyOnceReport.Deviation;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Every gap, every double and every stranger is found, wherever it is. */
class ExactlyOnceReportTest {

    private static final int NUMBERS = 1000;

    @Test
    void eachNumberOnceIsExactlyOnceInAnyOrder() {
        ExactlyOnceReport report = bounded(LongStream.range(0, NUMBERS).map(number -> (number * 7) % NUMBERS));
        assertThat(report).isExactlyOnce();
        assertThat(report.expected()).isEqualTo(NUMBERS);
        assertThat(report).hasToString("exactly once: all of 1000 numbers");
    }

    @Test
    void eachSingleLossIsFound() {
        for (long lost = 0; lost < NUMBERS; lost++) {
            long missing = lost;
            ExactlyOnceReport report = bounded(LongStream.range(0, NUMBERS).filter(number -> number != missing));
            assertThat(report.missing().first()).containsExactly(new Deviation(missing, 0));
            assertThat(report.isExactlyOnce()).isFalse();
        }
    }

    @Test
    void eachSingleDoubleIsFound() {
        for (long twice = 0; twice < NUMBERS; twice++) {
            ExactlyOnceReport report = bounded(LongStream.concat(LongStream.range(0, NUMBERS), LongStream.of(twice)));
            assertThat(report.doubled().first()).containsExactly(new Deviation(twice, 2));
            assertThat(report.isExactlyOnce()).isFalse();
        }
    }

    @Test
    void aLossAndADoubleDoNotMakeUpForEachOther() {
        ExactlyOnceReport report = bounded(LongStream.range(0, NUMBERS).map(number -> number == 8 ? 16 : number));
        assertThatThrownBy(() -> assertThat(report).isExactlyOnce())
                .isInstanceOf(AssertionError.class)
                .hasMessage("""
                        not exactly once: 1000 numbers came out (expected: each of 1000 once)
                          1 missing: 8
                          1 doubled: 16 (2 times)""");
    }

    @Test
    void manyAreCountedAndTheFirstFewAreNamed() {
        ExactlyOnceReport report = bounded(LongStream.range(0, NUMBERS).filter(number -> number % 2 == 0));
        assertThat(report.missing().count()).isEqualTo(NUMBERS / 2);
        assertThat(report).asString().contains("500 missing: 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, …");
    }

    @Test
    void whatTheSourceNeverEmittedIsToldApart() {
        ExactlyOnceReport report = bounded(LongStream.concat(LongStream.range(0, NUMBERS), LongStream.of(-3, 5000)));
        assertThat(report.unexpected().first()).extracting(Deviation::number).containsExactly(-3L, 5000L);
        assertThat(report.isExactlyOnce()).isFalse();
    }

    @Test
    void withoutAnEndWhatWasAcknowledgedMustComeOut() {
        LongUnaryOperator acknowledged = lane -> lane + 10 * Lane.LANES;
        assertThat(open(LongStream.range(0, 10 * Lane.LANES), acknowledged)).isExactlyOnce();
        ExactlyOnceReport cutOff = open(LongStream.range(0, 10 * Lane.LANES - 1), acknowledged);
        assertThat(cutOff.missing().first()).extracting(Deviation::number).containsExactly(10L * Lane.LANES - 1);
    }

    @Test
    void withoutAnEndWhatIsBehindTheHighestOfItsLaneMustComeOut() {
        LongUnaryOperator nothingAcknowledged = lane -> lane;
        assertThat(open(LongStream.of(0, Lane.LANES, 3), nothingAcknowledged)).isExactlyOnce();
        ExactlyOnceReport gap = open(LongStream.of(0, 2 * Lane.LANES, 3), nothingAcknowledged);
        assertThat(gap.missing().first()).extracting(Deviation::number).containsExactly((long) Lane.LANES);
    }

    @Test
    void nothingAtAllProvesNothing() {
        assertThatThrownBy(
                        () -> assertThat(open(LongStream.empty(), lane -> lane)).isExactlyOnce())
                .hasMessageContaining("nothing came out")
                .hasMessageContaining("Let the job run");
    }

    @Test
    void aGapAsWideAsTheNumbersIsCountedAndNotWalkedThrough() {
        long far = Long.MAX_VALUE / 2 / Lane.LANES * Lane.LANES;
        assertThat(open(LongStream.of(far), lane -> lane).missing().count()).isEqualTo(far / Lane.LANES);
    }

    private static ExactlyOnceReport bounded(LongStream output) {
        return new OutputCount(output, lane -> NUMBERS, false).report();
    }

    private static ExactlyOnceReport open(LongStream output, LongUnaryOperator acknowledged) {
        return new OutputCount(output, acknowledged, true).report();
    }
}
