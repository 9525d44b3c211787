package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.model.ProcessIdentity.Liveness;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalProcessTest {

    private final ManualTime time = new ManualTime();
    private Process sleep;

    @BeforeEach
    void start() throws IOException {
        sleep = new ProcessBuilder("sleep", "600").start();
    }

    @AfterEach
    void end() {
        sleep.destroyForcibly().onExit().join();
    }

    @Test
    void oneThatWasFoundIsWatchedOnlyWhenSomebodyWantsToKnowOfItsEnd() {
        HostProcess found = LocalProcess.adopted("/x/node-1/jobmanager", false, sleep.toHandle(), time);
        assertThat(found.liveness()).isEqualTo(Liveness.ALIVE);
        assertThat(time.waiting()).isZero();

        CompletableFuture<OptionalInt> end = found.whenEnded();
        assertThat(found.whenEnded()).isSameAs(end);
        assertThat(time.waiting()).isEqualTo(1);

        end();
        assertThat(found.liveness()).isEqualTo(Liveness.DEAD);
        assertThat(end).isNotDone();
        time.pass(Duration.ofSeconds(1));
        assertThat(end).isCompletedWithValue(OptionalInt.empty());
        assertThat(time.waiting()).isZero();
    }
}
