package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.ScriptedCluster;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.SystemTimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A failover policy of an embedder does, for one of two clusters, what it must not. */
class BrokenPolicyTest {

    @TempDir
    private Path directory;

    private final SystemTimeSource time = new SystemTimeSource();
    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private final CountDownLatch never = new CountDownLatch(1);
    private final CountDownLatch blocks = new CountDownLatch(1);
    /** What the policy does when it is asked about a cluster that does not answer. */
    private volatile Runnable whenUnknown = () -> {};

    private SupervisedCluster one;
    private SupervisedCluster other;
    private volatile boolean released;
    private Supervisor supervisor;
    private Supervision ofOne;
    private Supervision ofOther;

    @BeforeEach
    void superviseTwo() {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
        Consumer<ClusterEvent> events = event -> {};
        supervisor = new Supervisor(
                time,
                situation -> {
                    if (situation.observation().liveness() == Liveness.UNKNOWN) {
                        whenUnknown.run();
                    }
                    return FailoverPolicy.standard().decide(situation);
                },
                loop,
                events,
                Duration.ofMillis(300));
        one = new SupervisedCluster(directory.resolve("one"), time);
        other = new SupervisedCluster(directory.resolve("other"), time);
        ofOne = supervisor.supervise(one.cluster);
        ofOther = supervisor.supervise(other.cluster);
        await().until(() -> ofOne.health().state() == Health.State.HEALTHY
                && ofOther.health().state() == Health.State.HEALTHY);
    }

    @AfterEach
    void close() {
        release();
        ofOne.end("the test is over");
        ofOther.end("the test is over");
        loop.shutdown();
        one.close();
        other.close();
        time.close();
    }

    @Test
    void isInterruptedAndToldWhenItBlocks() {
        whenUnknown = () -> {
            blocks.countDown();
            boolean unused = awaitIsInterrupted();
        };
        losesSight(one);
        await().until(() -> ofOne.health().reason().contains("the failover policy failed: "));
        assertThat(ofOne.health().state()).isEqualTo(Health.State.UNKNOWN);
        assertTheOtherIsHealed();

        one.launcher.last().become(Liveness.ANSWERS, "");
        await().until(() -> ofOne.health().state() == Health.State.HEALTHY);
    }

    /** One thread is lost with it, and no more, however often the cluster is looked at. */
    @Test
    void keepsNobodyFromBeingHealedThoughItHeedsNoInterruption() {
        whenUnknown = () -> {
            blocks.countDown();
            boolean interrupted = false;
            while (!released) {
                interrupted |= awaitIsInterrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        };
        losesSight(one);
        await().until(() -> ofOne.health().reason().contains("the failover policy failed: "));
        long looks = looks();
        await().until(() -> looks() > looks + 4);
        assertTheOtherIsHealed();
        assertThat(ofOne.health().state()).isEqualTo(Health.State.UNKNOWN);

        one.launcher.last().become(Liveness.ANSWERS, "");
        release();
        await().until(() -> ofOne.health().state() == Health.State.HEALTHY);
    }

    private long looks() {
        return supervisor.metrics().looks();
    }

    private boolean awaitIsInterrupted() {
        try {
            never.await();
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private void release() {
        released = true;
        never.countDown();
    }

    @Test
    void isToldWhenItThrowsAndKeepsNobodyFromBeingHealed() {
        whenUnknown = () -> {
            throw new IllegalStateException("a policy that throws");
        };
        losesSight(one);
        await().until(() -> ofOne.health().reason().contains("the failover policy failed: "));
        assertThat(ofOne.health().state()).isEqualTo(Health.State.UNKNOWN);
        assertThat(ofOne.health().reason()).contains("a policy that throws");
        assertTheOtherIsHealed();

        one.launcher.last().become(Liveness.ANSWERS, "");
        await().until(() -> ofOne.health().state() == Health.State.HEALTHY);
    }

    private static void losesSight(SupervisedCluster cluster) {
        cluster.launcher.last().become(Liveness.UNKNOWN, "a test wants it");
        cluster.launcher.last().announceChange();
    }

    private void assertTheOtherIsHealed() {
        ScriptedCluster epoch = other.launcher.last();
        epoch.die(2, time.now());
        epoch.announceChange();
        await().until(() -> epoch.replaced().contains(new NodeId(2)));
        await().until(() -> ofOther.health().state() == Health.State.HEALTHY);
    }
}
