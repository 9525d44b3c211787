package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.model.NodeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class QuorumReadinessTest {

    private static final NodeId FIRST = new NodeId(1);
    private static final NodeId SECOND = new NodeId(2);
    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final Map<NodeId, PeerTrouble> troubles = new HashMap<>();
    private final QuorumReadiness readiness = new QuorumReadiness(
            List.of(FIRST, SECOND),
            node -> "10.0.0." + node.number() + ":2181",
            node -> Optional.ofNullable(troubles.get(node)),
            time);

    @Test
    void isThereWhenEveryPeerServes() {
        troubles.put(SECOND, PeerTrouble.REFUSED);
        assertThat(ask()).isFalse();
        troubles.clear();
        assertThat(ask()).isTrue();
    }

    @Test
    void aPeerThatCannotBeReachedIsNotWaitedForAndSaidWithTheRemedy() {
        troubles.put(SECOND, PeerTrouble.UNREACHABLE);
        assertThat(ask()).isFalse();
        time.pass(PeerTrouble.UNREACHABLE.patience());
        assertThat(ask()).isFalse();
        time.pass(A_MOMENT);
        assertThat(ask()).isFalse();
        assertThatThrownBy(readiness::get)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "zookeeper of node-2 at 10.0.0.2:2181: no connection comes about, for 30 s, and its process "
                                + "lives (expected: it serves its clients). What is sent there is dropped, or finds no way: let "
                                + "this machine reach that port, in firewalls and security groups.");
    }

    /** A peer that gets on has another trouble each time, and each may last. */
    @Test
    void aPeerThatGetsOnIsWaitedFor() {
        for (PeerTrouble trouble : PeerTrouble.values()) {
            troubles.put(FIRST, trouble);
            assertThat(ask()).isFalse();
            time.pass(trouble.patience());
            assertThat(ask()).isFalse();
        }
        troubles.clear();
        assertThat(ask()).isTrue();
    }

    @Test
    void oneThatServedMeanwhileIsNotHeldToWhatWas() {
        troubles.put(FIRST, PeerTrouble.UNREACHABLE);
        assertThat(ask()).isFalse();
        time.pass(PeerTrouble.UNREACHABLE.patience().plus(A_MOMENT));
        troubles.clear();
        assertThat(ask()).isTrue();
        troubles.put(FIRST, PeerTrouble.UNREACHABLE);
        assertThat(ask()).isFalse();
        assertThat(ask()).isFalse();
    }

    private boolean ask() {
        CompletableFuture<Boolean> answer = readiness.get();
        time.runBlocking();
        return answer.join();
    }
}
