package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.launch.process.Places.Placed;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends of an epoch in which nobody lives, on disks that cannot do what is wanted. */
class EpochEndTest {

    private static final ClusterSpec SPEC =
            ClusterSpec.named("flights").plan(Plans.SINGLE_NODE_4GB).build();
    private static final Epoch EPOCH = new Epoch(1);

    @TempDir
    private Path home;

    private Path epoch;
    private Path log;
    private Path key;
    private Path data;

    @BeforeEach
    void leaveAnEpoch() throws IOException {
        Places places = new Places(home, new Hosts(List.of(new ForwardingHost(home, new ManualTime()))));
        NodePlacement node = places.place(SPEC, EPOCH, Traffic.TLS).nodes().get(0);
        epoch = places.of(SPEC.name(), EPOCH);
        log = write(node, "jobmanager/log/jobmanager.log");
        key = write(node, "jobmanager/conf/key.pem");
        data = write(node, "taskmanager/data/spilled");
    }

    /** The directories that kept logs need are made when there is room for them again. */
    @Test
    void onAFullDiskWhatIsLargeGoesFirstAndLogsAreKept() {
        assertThat(endOn(new FullDisk(home))).isEqualTo(StopConfirmation.CONFIRMED);
        assertThat(epoch).doesNotExist();
        assertThat(kept()).exists();
    }

    @Test
    void whereLogsCannotBeKeptTheEndIsConfirmedWithWhatIsLeftAndCanBeDoneAgain() {
        StopConfirmation end = endOn(new FailingDisk(home));
        assertThat(end.confirmed()).isTrue();
        assertThat(end.detail())
                .startsWith("files in " + epoch + ": ")
                .contains("Input/output error", "(expected: none left", "delete the directory");
        assertThat(log).exists();
        assertThat(key).doesNotExist();
        assertThat(data).doesNotExist();

        assertThat(endOn(new ForwardingHost(home, new ManualTime()))).isEqualTo(StopConfirmation.CONFIRMED);
        assertThat(epoch).doesNotExist();
        assertThat(kept()).exists();
    }

    /** The first host is this machine: what it deletes first is not where the others' nodes are written down. */
    @Test
    void whereOneHostFailsTheNextTryStillKnowsOfItsNodes() throws IOException {
        ClusterSpec spec =
                ClusterSpec.named("trains").plan(Plans.THREE_NODE_4GB).build();
        Host here = new ForwardingHost(home, new ManualTime());
        Hosts failing = new Hosts(List.of(here, new StuckDisk(home), here));
        Places places = new Places(home, failing);
        Placed placed = places.place(spec, EPOCH, Traffic.TLS);
        for (NodePlacement node : placed.nodes()) {
            write(node, "jobmanager/conf/key.pem");
        }

        assertThat(new EpochEnd(failing, places)
                        .of(spec.name(), EPOCH, Duration.ZERO)
                        .detail())
                .contains("Device or resource busy");
        Hosts mended = new Hosts(List.of(here, here, here));
        Places again = new Places(home, mended);
        assertThat(again.find(spec.name(), EPOCH))
                .hasValueSatisfying(found -> assertThat(found.nodes()).isEqualTo(placed.nodes()));
        assertThat(new EpochEnd(mended, again).of(spec.name(), EPOCH, Duration.ZERO))
                .isEqualTo(StopConfirmation.CONFIRMED);
        assertThat(places.of(spec.name(), EPOCH)).doesNotExist();
    }

    private StopConfirmation endOn(Host host) {
        Hosts hosts = new Hosts(List.of(host));
        return new EpochEnd(hosts, new Places(home, hosts)).of(SPEC.name(), EPOCH, Duration.ZERO);
    }

    private Path kept() {
        return home.resolve("clusters/flights/logs/epoch-1/node-1/jobmanager/log/jobmanager.log");
    }

    private static Path write(NodePlacement node, String name) throws IOException {
        Path file = node.directory().resolve(name);
        Files.createDirectories(file.resolveSibling(".").normalize());
        return Files.writeString(file, "content");
    }

    /** A disk without room for another directory until something on it is deleted. */
    private final class FullDisk extends ForwardingHost {

        FullDisk(Path home) {
            super(home, new ManualTime());
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            if (Files.exists(data)) {
                throw new FileSystemException(to.toString(), null, "No space left on device");
            }
            super.move(from, to);
        }
    }

    /** A disk on which nothing can be moved; its host says so as it should not. */
    private static final class FailingDisk extends ForwardingHost {

        FailingDisk(Path home) {
            super(home, new ManualTime());
        }

        @Override
        public void move(Path from, Path to) {
            throw new UncheckedIOException(new FileSystemException(to.toString(), null, "Input/output error"));
        }
    }

    /** A disk that does not let go of what is on it. */
    private static final class StuckDisk extends ForwardingHost {

        StuckDisk(Path home) {
            super(home, new ManualTime());
        }

        @Override
        public void delete(Path directory) throws IOException {
            throw new FileSystemException(directory.toString(), null, "Device or resource busy");
        }
    }
}
