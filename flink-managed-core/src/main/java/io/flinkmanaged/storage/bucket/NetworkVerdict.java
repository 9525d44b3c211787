package io.flinkmanaged.storage.bucket;

import io.flinkmanaged.model.Finding;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
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
        Throwable root = rootOf(failure);
        if (root instanceof SocketTimeoutException
                || root instanceof HttpTimeoutException
                || root instanceof TimeoutException) {
            return Optional.of(late(endpoint));
        }
        if (root instanceof UnknownHostException || root instanceof UnresolvedAddressException) {
            return verdict(endpoint, "a host name that resolves", "Correct the endpoint or region, or the DNS.");
        }
        if (root instanceof ConnectException || root instanceof NoRouteToHostException) {
            return verdict(
                    endpoint, "a server that accepts connections", "Look at the address, firewalls and proxies.");
        }
        if (root instanceof SSLException) {
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

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }
}
