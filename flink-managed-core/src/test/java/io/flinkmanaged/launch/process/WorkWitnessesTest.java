package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.flink.RestQuestions;
import io.flinkmanaged.launch.process.HungProcesses.Testimony;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class WorkWitnessesTest {

    private static final Testimony SILENT = Testimony.silent("it lets everybody wait");

    /** The operating system takes the connection of a process that is stopped; nobody ever says a word. */
    @Test
    void whoLetsEverybodyWaitIsSilentWithAndWithoutTls() throws Exception {
        try (ServerSocket stopped = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            for (String scheme : new String[] {"http", "https"}) {
                RestQuestions rest = new RestQuestions(
                        URI.create(scheme + "://127.0.0.1:" + stopped.getLocalPort()),
                        Optional.of(SSLContext.getDefault()));
                assertThat(heard(() -> answered(rest, Duration.ofMillis(200)))).isEqualTo(SILENT);
            }
        }
    }

    @Test
    void nothingFollowsFromARefusal() throws Exception {
        int nobody;
        try (ServerSocket closed = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            nobody = closed.getLocalPort();
        }
        RestQuestions rest = new RestQuestions(URI.create("http://127.0.0.1:" + nobody));
        assertThat(heard(() -> answered(rest, Duration.ofSeconds(2)))).isEqualTo(Testimony.NONE);
        assertThat(heard(() -> {
                    throw new SSLHandshakeException("the library's certificate has ended");
                }))
                .isEqualTo(Testimony.NONE);
    }

    /** As a TLS socket says it that is written to first. */
    @Test
    void aWaitInVainMayBeTheCauseOfAnotherFailure() {
        assertThat(heard(() -> {
                    throw new IOException("no handshake", new SocketTimeoutException("Read timed out"));
                }))
                .isEqualTo(SILENT);
        assertThat(heard(() -> Testimony.WORKS)).isEqualTo(Testimony.WORKS);
    }

    /** A host that was taken off its network: whether this or a time-out comes first is chance. */
    @Test
    void aHostThatIsNotThereIsAsSilentAsOneThatLetsEverybodyWait() {
        assertThat(heard(() -> {
                    throw new NoRouteToHostException("No route to host");
                }))
                .isEqualTo(SILENT);
    }

    private static Testimony answered(RestQuestions rest, Duration within) throws IOException {
        rest.requireAnswer(within);
        return Testimony.WORKS;
    }

    private static Testimony heard(WorkWitnesses.Question question) {
        return WorkWitnesses.heard(question, () -> SILENT);
    }
}
