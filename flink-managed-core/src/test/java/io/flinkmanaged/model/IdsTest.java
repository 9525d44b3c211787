package io.flinkmanaged.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IdsTest {

    @Test
    void epochsCountFromOne() {
        assertThat(new Epoch(1).next()).isEqualTo(new Epoch(2)).hasToString("epoch-2");
        assertThatThrownBy(() -> new Epoch(0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("epoch: 0 (expected: 1 or more). Epochs are counted from 1.");
    }

    @Test
    void epochsAreOrderedByNumberNotByText() {
        assertThat(Stream.of(10L, 9L, 100L).map(Epoch::new).sorted())
                .containsExactly(new Epoch(9), new Epoch(10), new Epoch(100));
    }

    @Test
    void nodesCountFromOne() {
        assertThat(new NodeId(3)).hasToString("node-3").isGreaterThan(new NodeId(2));
        assertThatThrownBy(() -> new NodeId(0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("node: 0 (expected: 1 or more). Nodes are counted from 1.");
    }
}
