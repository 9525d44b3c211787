package io.flinkmanaged.launch.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Asks a ZooKeeper peer whether it serves. */
final class ZooKeeperPeer {

    private static final int MILLIS = (int) Duration.ofSeconds(5).toMillis();
    private static final String QUESTION = "srvr";
    /** A peer that has no quorum answers, too, but with no mode. */
    private static final String SERVES = "Mode: ";

    private ZooKeeperPeer() {}

    /**
     * Returns what keeps it from serving; empty if it answers, takes the certificate that it is shown, and belongs to a quorum.
     * Blocks for seconds at most.
     *
     * @param address where its clients speak to it
     * @param identity what is shown to it; empty if it asks nobody
     */
    static Optional<PeerTrouble> troubleOf(InetSocketAddress address, Optional<SSLContext> identity) {
        try (Socket plain = connected(address)) {
            return troubleOf(plain, address, identity);
        } catch (IOException e) {
            return Optional.of(isRefused(e) ? PeerTrouble.REFUSED : PeerTrouble.UNREACHABLE);
        }
    }

    /** A network that cannot be reached is a {@link ConnectException}, too. */
    private static boolean isRefused(IOException failure) {
        return failure instanceof ConnectException
                && String.valueOf(failure.getMessage()).contains("refused");
    }

    private static Optional<PeerTrouble> troubleOf(
            Socket plain, InetSocketAddress address, Optional<SSLContext> identity) {
        try {
            String answer = ask(plain, address, identity);
            if (answer.contains(SERVES)) {
                return Optional.empty();
            }
            return Optional.of(answer.isBlank() ? PeerTrouble.SILENT : PeerTrouble.NO_QUORUM);
        } catch (SSLException e) {
            return Optional.of(PeerTrouble.DISTRUSTS);
        } catch (IOException e) {
            return Optional.of(PeerTrouble.SILENT);
        }
    }

    /**
     * Returns whether it belongs to a quorum. Blocks for seconds at most.
     *
     * @param address where its clients speak to it
     * @param identity what is shown to it; empty if it asks nobody
     * @throws IOException if it does not answer; a {@code SocketTimeoutException} is in its causes if it lets everybody wait
     */
    static boolean belongsToAQuorum(InetSocketAddress address, Optional<SSLContext> identity) throws IOException {
        try (Socket plain = connected(address)) {
            String answer = ask(plain, address, identity);
            if (answer.isBlank()) {
                throw new IOException("It ended the connection without an answer.");
            }
            return answer.contains(SERVES);
        }
    }

    private static Socket connected(InetSocketAddress address) throws IOException {
        Socket plain = new Socket();
        try {
            plain.connect(
                    new InetSocketAddress(InetAddress.getByName(address.getHostString()), address.getPort()), MILLIS);
            plain.setSoTimeout(MILLIS);
            return plain;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static String ask(Socket plain, InetSocketAddress address, Optional<SSLContext> identity)
            throws IOException {
        return identity.isEmpty() ? answer(plain) : answer(encrypted(plain, address, identity.get()));
    }

    private static Socket encrypted(Socket plain, InetSocketAddress address, SSLContext identity) throws IOException {
        SSLSocket socket = (SSLSocket)
                identity.getSocketFactory().createSocket(plain, address.getHostString(), address.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static String answer(Socket socket) throws IOException {
        try (socket) {
            socket.getOutputStream().write(QUESTION.getBytes(US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }
}
