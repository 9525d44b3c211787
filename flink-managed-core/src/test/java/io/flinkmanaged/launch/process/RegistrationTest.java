package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.model.NodeId;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RegistrationTest {

    private static final Duration A_WHILE = Registration.WITHIN.plusSeconds(1);

    private final ManualTime time = new ManualTime();
    private CompletableFuture<Map<String, Long>> told = CompletableFuture.completedFuture(Map.of());
    private final Registration registration = new Registration(new NodeId(1), time, () -> told);

    @Test
    void oneThatWasHeardOfHasRegistered() {
        heardAt(4711);
        assertThat(registration.get()).isCompletedWithValue(true);
    }

    @Test
    void oneThatOffersItsSlotsAndWasNotHeardOfYetHasNot() {
        heardAt(0);
        assertThat(registration.get()).isCompletedWithValue(false);
    }

    @Test
    void whatTheLeaderToldBeforeTheStartIsOfThePredecessor() {
        heardAt(4711);
        Registration next = new Registration(new NodeId(1), time, () -> told);
        assertThat(next.get()).isCompletedWithValue(false);
        heardAt(4712);
        assertThat(next.get()).isCompletedWithValue(true);
    }

    /** On another machine, or set meanwhile. */
    @Test
    void theClockOfTheLeaderMayBeAnyOther() {
        heardAt(4711);
        Registration next = new Registration(new NodeId(1), time, () -> told);
        heardAt(42);
        assertThat(next.get()).isCompletedWithValue(true);
    }

    @Test
    void ofALeaderThatDidNotAnswerBeforeTheStartTheNextHeartbeatIsAwaited() {
        told = CompletableFuture.failedFuture(new IOException("nobody leads"));
        Registration early = new Registration(new NodeId(1), time, () -> told);
        heardAt(4711);
        assertThat(early.get()).as("maybe its predecessor").isCompletedWithValue(false);
        heardAt(4961);
        assertThat(early.get()).isCompletedWithValue(true);
    }

    @Test
    void oneThatALeaderHasNotHeardOfForLongIsNotWaitedFor() {
        time.pass(Registration.WITHIN);
        assertThat(registration.get()).isCompletedWithValue(false);
        assertThat(registration.isOverdue()).isFalse();
        time.pass(Duration.ofSeconds(1));
        assertThat(registration.get()).isCompletedWithValue(false);
        assertThat(registration.isOverdue()).isTrue();
        assertThatThrownBy(registration::get).hasMessageContaining("has not heard of it within 60 s");
    }

    @Test
    void oneThatStoodByIsNotWaitedForAsLong() {
        registration.stoodBy();
        time.pass(Registration.STOOD_BY_WITHIN.plusSeconds(1));
        assertThat(registration.get()).isCompletedWithValue(false);
        assertThat(registration.isOverdue()).isTrue();
        assertThatThrownBy(registration::get).hasMessageContaining("has not heard of it within 10 s");
    }

    @Test
    void whileNobodyLeadsItCannotRegister() {
        told = CompletableFuture.failedFuture(new IOException("nobody leads"));
        time.pass(A_WHILE);
        assertThat(registration.get()).isCompletedExceptionally();
        assertThat(registration.isOverdue()).isFalse();
    }

    private void heardAt(long millis) {
        told = CompletableFuture.completedFuture(Map.of("node-1", millis));
    }
}
