package io.flinkmanaged.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    private static final Contender PEER = new Contender("raw", () -> 1.0);

    private final Samples ours = new Samples(List.of(1.0, 2.0, 3.0));
    private final Samples peers = new Samples(List.of(4.0, 5.0, 8.0));

    @Test
    void aTimeIsHeldAgainstThePeersTime() {
        assertThat(Row.time("start", ours, PEER, peers, Bound.atMost(0.4)))
                .isEqualTo(new Row(
                        "start", "2.000 s (1.000..3.000)", "raw: 5.000 s (4.000..8.000)", "0.400", "≤ 0.40", true));
        assertThat(Row.time("start", ours, PEER, peers, Bound.atMost(0.39)).met())
                .isFalse();
    }

    @Test
    void fasterIsThePeersTimeByOurs() {
        Row row = Row.faster("heal", ours, PEER, peers, 2.5);

        assertThat(row.ratio()).isEqualTo("2.500 × faster");
        assertThat(row.bound()).isEqualTo("≥ 2.50 × faster");
        assertThat(row.met()).isTrue();
        assertThat(Row.faster("heal", ours, PEER, peers, 2.51).met()).isFalse();
    }

    @Test
    void aRateIsHeldAgainstThePeersRatePairByPair() {
        Row row = Row.rate("work", Unit.MILLION_RECORDS_PER_SECOND, ours, PEER, peers, Bound.atLeast(0.97));

        assertThat(row.ratio()).isEqualTo("0.375");
        assertThat(row.met()).isFalse();
    }

    @Test
    void secondsAreHeldAgainstTheClock() {
        Row row = Row.seconds("heal", ours, 2.0);

        assertThat(row.bound()).isEqualTo("≤ 2.00 s");
        assertThat(row.met()).isTrue();
        assertThat(row.peer()).isEmpty();
    }

    @Test
    void textHasColumnsAndMarkdownHasCells() {
        List<Row> rows =
                List.of(new Row("a", "1", "2", "0.5", "≤ 1", true), new Row("long", "1", "", "", "≤ 2", false));

        assertThat(Table.text(rows).lines().skip(1)).hasSize(2).allSatisfy(line -> assertThat(line.substring(9, 10))
                .isEqualTo("1"));
        assertThat(Table.markdown(rows).lines())
                .contains("| a | 1 | 2 | 0.5 | ≤ 1 | yes |", "| long | 1 |  |  | ≤ 2 | no |")
                .element(1)
                .isEqualTo("| --- | --- | --- | --- | --- | --- |");
    }
}
