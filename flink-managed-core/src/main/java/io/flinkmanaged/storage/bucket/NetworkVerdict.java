package io.flinkmanaged.storage.bucket;

import com.google.common.base.Throwables;
import io.flinkmanaged.model.Finding;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** What a person can do about a server that did not answer. */
public final class NetworkVerdict {

    private NetworkVerdict() {}

    /**
     * Judges a failure by its causes.
     *
     * @param failure of a request
     * @param endpoint who should have answered
     * @return empty if nothing is known about such a failure
     */
    public static Optional<Finding> of(Throwable failure, String endpoint) {
        if (causedBy(failure, SocketTimeoutException.class, HttpTimeoutException.class, TimeoutException.class)) {
            return Optional.of(late(endpoint));
        }
        if (causedBy(failure, UnknownHostException.class, UnresolvedAddressException.class)) {
            return verdict(endpoint, "a host name that resolves", "Correct the endpoint or region, or the DNS.");
        }
        if (causedBy(failure, ConnectException.class, NoRouteToHostException.class)) {
            return verdict(
                    endpoint, "a server that accepts connections", "Look at the address, firewalls and proxies.");
        }
        if (causedBy(failure, SSLException.class)) {
            return verdict(
                    endpoint, "a certificate that this JVM trusts", "Add its authority to the JVM's trust store.");
        }
        return Optional.empty();
    }

    /**
     * Returns the verdict about a server that took too long.
     *
     * @param endpoint who should have answered
     */
    public static Finding late(String endpoint) {
        return new Finding("endpoint", endpoint, "an answer in time", "Look at the network, or raise the time-outs.");
    }

    private static Optional<Finding> verdict(String endpoint, String expected, String remedy) {
        return Optional.of(new Finding("endpoint", endpoint, expected, remedy));
    }

    /** Anywhere in the chain: the JDK's client puts a closed channel below a refused connection. */
    private static boolean causedBy(Throwable failure, Class<?>... kinds) {
        for (Throwable cause : Throwables.getCausalChain(failure)) {
            if (Arrays.stream(kinds).anyMatch(kind -> kind.isInstance(cause))) {
                return true;
            }
        }
        return false;
    }
}
