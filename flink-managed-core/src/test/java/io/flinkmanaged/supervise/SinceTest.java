package io.flinkmanaged.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.internal.SetClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SinceTest {

    private static final Duration WHILE = Duration.ofSeconds(7);

    private final ManualTime manual = new ManualTime();
    private final SetClock time = new SetClock(manual);

    @Test
    void lastsAsLongAsTimePassesWhateverTheClockSays() {
        Since begin = Since.now(time);
        manual.pass(WHILE);
        time.setBy(Duration.ofHours(-2));
        assertThat(begin.lasts(time)).isEqualTo(WHILE);
        assertThat(Since.now(time).isAfter(begin)).isTrue();
    }

    @Test
    void beganWhenTheClockSaidSo() {
        Since death = Since.of(time.now().minus(WHILE), time);
        assertThat(death.lasts(time)).isEqualTo(WHILE);
        assertThat(Since.now(time).isAfter(death)).isTrue();
    }

    @Test
    void beganJustNowIfTheClockSaysThatItIsStillToCome() {
        Since death = Since.of(time.now().plus(WHILE), time);
        assertThat(death.lasts(time)).isZero();
    }
}
