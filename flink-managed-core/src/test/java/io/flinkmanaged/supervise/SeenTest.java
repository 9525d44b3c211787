package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeenTest {

    private final Seen seen = new Seen();

    @Test
    void knowsForEverWhatIsSeenAgainAndAgain() {
        assertThat(seen.add("a node that stays dead")).isTrue();
        for (int death = 0; death < 10 * Seen.MOST; death++) {
            assertThat(seen.add("death " + death)).isTrue();
            assertThat(seen.add("a node that stays dead")).isFalse();
        }
    }

    @Test
    void isBounded() {
        for (int death = 0; death < 10 * Seen.MOST; death++) {
            assertThat(seen.add("death " + death)).isTrue();
        }
        assertThat(seen.size()).isEqualTo(Seen.MOST);
    }
}
