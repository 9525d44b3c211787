package io.flinkmanaged.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {

    private static final List<String> KNOWN = List.of("startup", "jobs");

    @Test
    void withoutANameEverythingIsChosen() {
        assertThat(Options.of(List.of(), KNOWN)).isEqualTo(new Options(KNOWN, Rounds.FULL));
        assertThat(Options.of(List.of("--quick"), KNOWN)).isEqualTo(new Options(KNOWN, Rounds.QUICK));
    }

    @Test
    void namesChoose() {
        assertThat(Options.of(List.of("jobs", "--quick"), KNOWN).chosen()).containsExactly("jobs");
    }

    @Test
    void anUnknownWordIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> Options.of(List.of("speed"), KNOWN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[speed]")
                .hasMessageContaining("[startup, jobs]");
    }
}
