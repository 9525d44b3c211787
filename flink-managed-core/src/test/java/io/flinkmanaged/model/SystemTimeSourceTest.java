package io.flinkmanaged.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SystemTimeSourceTest {

    @Test
    void tellsTheTimeOfDayByTheClockItWasGivenAndTicksByItsOwn() {
        AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-01-01T12:00:00Z"));
        try (SystemTimeSource time = new SystemTimeSource(clock::get)) {
            long before = time.ticks();
            assertThat(time.now()).isEqualTo("2026-01-01T12:00:00Z");
            clock.set(Instant.parse("2026-01-01T10:00:00Z"));
            assertThat(time.now()).isEqualTo("2026-01-01T10:00:00Z");
            assertThat(time.ticks()).isGreaterThanOrEqualTo(before);
        }
    }
}
