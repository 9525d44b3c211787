package io.flinkmanaged.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterNameTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "flights", "team-a-prod", "a1", "a--b", "x0123456789"})
    void takesDnsLabels(String name) {
        assertThat(new ClusterName(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "A", "Flights", "1a", "-a", "a-", "a_b", "a.b", "a b", "a/b", "..", "ä", "a\n", "a\u0661", "a\u0000"
            })
    void refusesEverythingElse(String name) {
        assertThatThrownBy(() -> new ClusterName(name))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("cluster name: \"" + name + "\" (expected: 1..63 characters");
    }

    @Test
    void endsAt63Characters() {
        assertThat(new ClusterName("a".repeat(63)).value()).hasSize(63);
        assertThatThrownBy(() -> new ClusterName("a".repeat(64))).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void isOrderedByItsText() {
        assertThat(new ClusterName("a")).isLessThan(new ClusterName("b"));
    }
}
