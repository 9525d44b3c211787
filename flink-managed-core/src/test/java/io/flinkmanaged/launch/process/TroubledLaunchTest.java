package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.launch.LaunchException;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.render.RenderedFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Launches of real processes that a port stands in the way of: each says which, and what to do, and leaves nothing. */
@Tag("slow")
class TroubledLaunchTest {

    @RegisterExtension
    private final LaunchPlace place = new LaunchPlace();

    @Test
    void aPortThatIsTakenAfterItWasChosenIsSaidWithTheRemedy() throws Exception {
        try (TakenOnTheWay host = new TakenOnTheWay(place.home(), place.time())) {
            assertThatThrownBy(() -> launch(host))
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining("jobmanager of node-1: it ended with status")
                    .hasMessageContaining(
                            "port " + host.taken() + " of node-1, for REST: taken by somebody else since it "
                                    + "was chosen (expected: free). Launch again: other ports are chosen.");
        }
        assertNothingIsLeft();
    }

    @Test
    void aZooKeeperThatCannotBeReachedIsSaidEarlyWithTheRemedy() throws Exception {
        long began = place.time().ticks();
        try (BlackHole dropped = new BlackHole()) {
            assertThatThrownBy(() -> launch(new Unreachable(place.home(), place.time(), dropped)))
                    .isInstanceOf(LaunchException.class)
                    .hasMessageContaining("zookeeper of node-1 at 127.0.0.1:" + dropped.port())
                    .hasMessageContaining("no connection comes about, for 30 s, and its process lives")
                    .hasMessageContaining("let this machine reach that port, in firewalls and security groups");
        }
        assertThat(Duration.ofNanos(place.time().ticks() - began)).isLessThan(Duration.ofMinutes(2));
        assertNothingIsLeft();
    }

    private void launch(Host host) {
        try (ProcessLauncher launcher = place.launcher(host)) {
            launcher.launch(place.order(), () -> {});
        }
    }

    private void assertNothingIsLeft() throws IOException {
        assertThat(place.living()).isEmpty();
        assertThat(place.epoch()).doesNotExist();
    }

    /** Somebody takes the port for REST when it has been chosen. */
    private static final class TakenOnTheWay extends ForwardingHost implements AutoCloseable {

        private static final Pattern REST = Pattern.compile("(?m)^\"?rest\\.bind-port\"?: \"?(\\d+)");

        private @Nullable ServerSocket stranger;

        TakenOnTheWay(Path home, SystemTimeSource time) {
            super(home, time);
        }

        @Override
        public void put(Path directory, List<String> directories, List<RenderedFile> files) throws IOException {
            super.put(directory, directories, files);
            for (RenderedFile file : files) {
                Matcher port = REST.matcher(file.text());
                if (stranger == null && port.find()) {
                    stranger = new ServerSocket();
                    stranger.bind(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port.group(1))));
                }
            }
        }

        int taken() {
            return stranger == null ? -1 : stranger.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            if (stranger != null) {
                stranger.close();
            }
        }
    }

    /** A host on the way to which everything is dropped. */
    private static final class Unreachable extends ForwardingHost {

        private final BlackHole dropped;

        Unreachable(Path home, SystemTimeSource time, BlackHole dropped) {
            super(home, time);
            this.dropped = dropped;
        }

        @Override
        public InetSocketAddress reach(String at, int port) {
            return InetSocketAddress.createUnresolved(
                    InetAddress.getLoopbackAddress().getHostAddress(), dropped.port());
        }
    }

    /** A port at which so many connections wait to be taken that the kernel drops what else is sent there. */
    private static final class BlackHole implements AutoCloseable {

        private static final int SOON = 500;

        private final ServerSocket full = new ServerSocket();
        private final List<Socket> waiting = new ArrayList<>();

        BlackHole() throws IOException {
            full.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            boolean dropping = false;
            while (!dropping) {
                Socket next = new Socket();
                waiting.add(next);
                try {
                    next.connect(full.getLocalSocketAddress(), SOON);
                } catch (SocketTimeoutException e) {
                    dropping = true;
                }
            }
        }

        int port() {
            return full.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : waiting) {
                socket.close();
            }
            full.close();
        }
    }
}
