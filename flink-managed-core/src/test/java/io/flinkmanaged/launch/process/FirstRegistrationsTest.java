package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.model.NodeId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FirstRegistrationsTest {

    private static final NodeId ONE = new NodeId(1);
    private static final NodeId TWO = new NodeId(2);

    private final ManualTime time = new ManualTime();
    private final Map<String, Long> heard = new TreeMap<>();
    private final List<NodeId> startedAnew = new ArrayList<>();
    private boolean somebodyLeads = true;
    private final FirstRegistrations registrations = new FirstRegistrations(
            List.of(ONE, TWO),
            () -> somebodyLeads
                    ? CompletableFuture.completedFuture(Map.copyOf(heard))
                    : CompletableFuture.failedFuture(new IOException("nobody leads")),
            startedAnew::add,
            time);

    @Test
    void allAreThere() {
        heard.put("node-1", 1L);
        assertThat(registrations.get()).isCompletedWithValue(false);
        heard.put("node-2", 1L);
        assertThat(registrations.get()).isCompletedWithValue(true);
        assertThat(startedAnew).isEmpty();
    }

    @Test
    void oneThatALeaderHasNotHeardOfForAMinuteIsStartedAnewOnce() {
        heard.put("node-1", 1L);
        somebodyLeads = false;
        assertThat(registrations.get()).isCompletedExceptionally();
        time.pass(Registration.WITHIN.multipliedBy(2));
        somebodyLeads = true;
        assertThat(registrations.get()).isCompletedWithValue(false);
        time.pass(Registration.WITHIN);
        assertThat(registrations.get()).isCompletedWithValue(false);
        assertThat(startedAnew).as("it has had no minute with a leader").isEmpty();

        time.pass(Duration.ofNanos(1));
        CompletableFuture<Boolean> startsAnew = registrations.get();
        assertThat(startsAnew).as("the pool has not started it yet").isNotDone();
        time.pass(Duration.ofNanos(1));
        assertThat(startsAnew).isCompletedWithValue(false);
        time.pass(Registration.WITHIN.multipliedBy(2));
        assertThat(registrations.get()).isCompletedWithValue(false);
        assertThat(startedAnew).containsExactly(TWO);
        heard.put("node-2", 1L);
        assertThat(registrations.get()).isCompletedWithValue(true);
    }
}
