package io.flinkmanaged.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.event.ClusterEvent.HealthChanged;
import io.flinkmanaged.event.ClusterEvent.JobEnded;
import io.flinkmanaged.model.SecretRef;
import io.flinkmanaged.model.Secrets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedactedEventsTest {

    @TempDir
    private Path directory;

    @Test
    void haveNoSecretInAnyText() throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "hunter2");
        JobEnded leaky =
                new JobEnded("flights", Instant.EPOCH, "delays", "4711", "FAILED", Optional.of("denied: hunter2"));
        HealthChanged harmless = new HealthChanged("flights", Instant.EPOCH, "HEALTHY", "all runs");
        try (Secrets secrets = Secrets.of(List.of())) {
            secrets.resolve(SecretRef.file(file));
            assertThat(RedactedEvents.redacted(leaky))
                    .isEqualTo(new JobEnded(
                            "flights", Instant.EPOCH, "delays", "4711", "FAILED", Optional.of("denied: …")));
            assertThat(RedactedEvents.redacted(harmless)).isSameAs(harmless);
        }
    }

    /** What redaction relies on: each kind of event is a record whose constructor and accessors are public. */
    @Test
    void canBeMadeOfEveryKindOfEvent() {
        assertThat(ClusterEvent.class.getPermittedSubclasses())
                .hasSizeGreaterThan(15)
                .allSatisfy(kind -> {
                    assertThat(kind.isRecord()).isTrue();
                    assertThat(kind.getConstructors()).isNotEmpty();
                });
    }
}
