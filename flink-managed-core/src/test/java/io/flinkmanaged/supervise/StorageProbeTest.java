package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.internal.ManualTime;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageProbeTest {

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private SupervisedCluster supervised;
    private StorageProbe probe;

    @BeforeEach
    void begin() {
        supervised = new SupervisedCluster(directory, time);
        supervised.cluster.beginEpoch();
        probe = new StorageProbe(supervised.cluster, time, Runnable::run, time.blocking());
    }

    @AfterEach
    void close() {
        supervised.close();
    }

    @Test
    void answersSinceItWasAskedFirst() {
        assertThat(probe.answering()).isZero();
        ask(3);
        assertThat(probe.answering()).isEqualTo(Duration.ofSeconds(9));
        probe.forget();
        assertThat(probe.answering()).isZero();
    }

    @Test
    void beginsAnewAfterAnAnswerThatDidNotCome() {
        ask(2);
        supervised.storage.outage(path -> true);
        ask(1);
        assertThat(probe.answering()).isZero();
        assertThat(probe.outage()).isPresent();
        supervised.storage.endOutage();
        ask(1);
        assertThat(probe.answering()).isEqualTo(Duration.ofSeconds(3));
        assertThat(probe.outage()).isEmpty();
    }

    @Test
    void isNotAskedMoreOftenThanItHelps() {
        probe.ask();
        time.pass(Duration.ofMillis(100));
        supervised.storage.outage(path -> true);
        probe.ask();
        time.pass(Duration.ofMillis(100));
        assertThat(probe.answering()).as("it was not asked again").isPositive();
    }

    private void ask(int times) {
        for (int i = 0; i < times; i++) {
            probe.ask();
            time.pass(Duration.ofSeconds(3));
        }
    }
}
