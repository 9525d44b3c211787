package io.flinkmanaged.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RequestsTest {

    private final Requests requests = new Requests(List.of("PUT a/chk-1/x", "HEAD a/chk-1/x", "PUT a/shared/y"));

    @Test
    void areCountedByOperation() {
        assertThat(requests).hasToString("3 (HEAD 1, PUT 2)");
        assertThat(new Requests(List.of())).hasToString("0");
    }

    @Test
    void areChosenByTheirKeys() {
        assertThat(requests.about(key -> key.startsWith("a/chk-1/")).count()).isEqualTo(2);
    }

    @Test
    void areHeldAgainstThePeersRequests() {
        Row row = Row.requests("write", requests, "peer", requests.about(key -> key.contains("x")), Bound.atMost(1.0));
        assertThat(row.ratio()).isEqualTo("1.500");
        assertThat(row.met()).isFalse();
        assertThat(row.peer()).isEqualTo("peer: 2 (HEAD 1, PUT 1)");
    }
}
