package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.launch.EndingCertificate;
import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.model.ProcessIdentity.Liveness;
import io.flinkmanaged.node.PreparedProcess;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.security.Validity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValiditiesTest {

    private static final Instant STARTED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant BEGAN = STARTED.plus(Duration.ofDays(400));
    private static final Seat SEAT = new Seat(new NodeId(1), Kind.JOB_MANAGER);

    @TempDir
    private Path node;

    private final Validities validities =
            new Validities(new OfAYear(), process -> Standbys.began(process, LocalHost.below(node, new ManualTime())));

    @Test
    void oneThatWasStartedHasKeysOfItsStart() {
        HostProcess process = started("jobmanager");
        validities.note(SEAT, process);
        assertThat(validities.ending(STARTED.plus(Duration.ofDays(299)))).isEmpty();
        assertThat(validities.ending(STARTED.plus(Duration.ofDays(300))))
                .extracting(EndingCertificate::node)
                .containsExactly(SEAT.node());
        assertThatThrownBy(() -> validities.requireValid(List.of(process), BEGAN))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void oneThatStoodByForLongHasKeysOfWhenItTookOver() throws IOException {
        HostProcess process = started("jobmanager/standby-1");
        begin(BEGAN.toString());
        validities.note(SEAT, process);
        assertThat(validities.ending(BEGAN)).isEmpty();
        validities.requireValid(List.of(process), BEGAN.plus(Duration.ofDays(364)));
        assertThat(validities.ending(BEGAN.plus(Duration.ofDays(300)))).hasSize(1);
    }

    @Test
    void oneThatStandsByHasReadNone() {
        validities.requireValid(List.of(started("jobmanager/standby-1")), BEGAN);
    }

    /** A former version of this library did not write it down. */
    @Test
    void ifWhenItTookOverIsNotKnownItsStartCounts() throws IOException {
        begin("");
        validities.note(SEAT, started("jobmanager/standby-1"));
        assertThat(validities.ending(BEGAN)).hasSize(1);
    }

    private HostProcess started(String name) {
        return new Started(node.resolve(name).toString());
    }

    private void begin(String text) throws IOException {
        Path place = Files.createDirectories(node.resolve("jobmanager/standby-1"));
        Files.writeString(place.resolve(PreparedProcess.BEGIN), text);
    }

    private record OfAYear() implements EpochSecurity {

        @Override
        public Optional<Validity> validityOf(Instant read) {
            return Optional.of(new Validity(read.plus(Duration.ofDays(300)), read.plus(Duration.ofDays(365))));
        }
    }

    private record Started(String startedAs) implements HostProcess {

        @Override
        public String id() {
            return "pid 4711 on host-a";
        }

        @Override
        public Optional<Instant> startedAt() {
            return Optional.of(STARTED);
        }

        @Override
        public Liveness liveness() {
            return Liveness.ALIVE;
        }

        @Override
        public CompletableFuture<OptionalInt> whenEnded() {
            return new CompletableFuture<>();
        }

        @Override
        public void end(boolean forcibly) {}

        @Override
        public void hang() {}
    }
}
