package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.launch.LaunchOrder;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.render.AllowedSources;
import io.flinkmanaged.render.ProcessPlacement;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochHomeTest {

    private static final Path PROC = Path.of("/proc");

    @TempDir
    private Path home;

    private final LaunchOrder order = new LaunchOrder(
            ClusterSpec.named("flights").plan(Plans.TINY).build(),
            new Epoch(1),
            Path.of("/unused"),
            "file:/ha",
            List.of(),
            Optional::empty);

    @Test
    void nothingIsLeftOfOneThatHasEnded() throws IOException {
        EpochHome epoch = placed(PROC);
        assertThat(epoch.ended(List.of())).isEqualTo(StopConfirmation.CONFIRMED);
        assertThat(epoch.directory()).doesNotExist();
    }

    @Test
    void whoseProcessesCannotBeLookedForIsNotConfirmedDead() throws IOException {
        EpochHome epoch = placed(home.resolve("no-proc"));
        StopConfirmation ended = epoch.ended(List.of());
        assertThat(ended.confirmed()).isFalse();
        assertThat(ended.detail()).contains("cannot be told").contains("no-proc");
        assertThat(epoch.directory()).exists();
    }

    private EpochHome placed(Path proc) throws IOException {
        Hosts hosts = new Hosts(List.of(new LocalHost(home, proc, new ManualTime())));
        Places places = new Places(home, hosts);
        ProcessPlacement placement = new ProcessPlacement(
                order.epoch(),
                order.highAvailability(),
                places.place(order.spec(), order.epoch(), Traffic.CLEAR).nodes());
        return new EpochHome(hosts, places, order, placement, EpochSecurity.NONE, AllowedSources.NONE);
    }
}
