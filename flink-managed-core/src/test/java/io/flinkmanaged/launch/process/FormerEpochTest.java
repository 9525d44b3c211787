package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.launch.LaunchException;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.launch.process.Host.ProcessStart;
import io.flinkmanaged.launch.process.Places.Placed;
import io.flinkmanaged.model.Epoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a JVM that has died, or let go, leaves behind: the next launch does away with it if nobody lives there. */
class FormerEpochTest {

    @RegisterExtension
    private final LaunchPlace place = new LaunchPlace();

    /** The JVM that launched it was killed together with its processes, or the machine was started anew. */
    @Test
    void theNextLaunchDeletesWhatIsLeftOfAFormerEpochButItsLogs() throws Exception {
        Path former = leaveFormerEpoch();
        assertThatThrownBy(() -> place.launcherWithoutFlink().launch(place.order(place.spec(), 2), () -> {}))
                .isInstanceOf(LaunchException.class);
        assertThat(former).doesNotExist();
        assertThat(place.home().resolve("clusters/flights/logs/epoch-1/node-1/jobmanager/log/jobmanager.log"))
                .hasContent("its last words");
    }

    @Test
    void aFormerEpochInWhichSomebodyLivesIsLeftAsItIs() throws Exception {
        Path former = leaveFormerEpoch();
        HostProcess living = startIn(former);
        assertThatThrownBy(() -> place.launcherWithoutFlink().launch(place.order(place.spec(), 2), () -> {}))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining(living.id());
        assertThat(former.resolve("node-1/jobmanager/log/jobmanager.log")).exists();
        assertThat(former.resolve(PlacementFile.NAME)).exists();
    }

    /** As {@code terminate()} does with what a former JVM let go of; neither Flink nor a certificate is needed for that. */
    @Test
    void anEpochThatNobodyHasTakenOverIsEnded() throws Exception {
        Path former = leaveFormerEpoch();
        HostProcess living = startIn(former);
        assertThat(place.launcherWithoutFlink().end(place.order())).isEqualTo(StopConfirmation.CONFIRMED);
        await().until(living.whenEnded()::isDone);
        assertThat(former).doesNotExist();
        assertThat(place.launcherWithoutFlink().end(place.order())).isEqualTo(StopConfirmation.CONFIRMED);
    }

    /** It becomes what leads its session a moment after its start. */
    private HostProcess startIn(Path epoch) throws IOException {
        LocalHost host = LocalHost.below(place.home(), place.time());
        HostProcess process = host.start(new ProcessStart(
                epoch.resolve("node-1"),
                "jobmanager",
                "jobmanager/log/out",
                List.of("sleep", "600"),
                new TreeMap<>(),
                false,
                false));
        await().until(() -> !host.find(epoch).isEmpty());
        return process;
    }

    private Path leaveFormerEpoch() throws IOException {
        Epoch epoch = new Epoch(1);
        Places places = new Places(place.home(), new Hosts(List.of(LocalHost.below(place.home(), place.time()))));
        Placed placed = places.place(place.spec(), epoch, Traffic.TLS);
        Path log = Files.createDirectories(placed.nodes().get(0).directory().resolve("jobmanager/log"));
        Files.writeString(log.resolve("jobmanager.log"), "its last words");
        return places.of(place.spec().name(), epoch);
    }
}
