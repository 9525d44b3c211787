package io.flinkmanaged.render;

import com.google.common.net.InetAddresses;
import io.flinkmanaged.model.InvalidInputException;
import java.util.List;

/**
 * Who outside a cluster reaches it through the firewalls of its nodes: IP addresses ({@code 10.0.0.5}) and networks in CIDR form
 * ({@code 10.1.0.0/16}). Names are refused: what one means may change while the firewall stays.
 *
 * @param operators from where a library operates the cluster: REST, JobManager RPC and ZooKeeper
 * @param restClients from where people and tools use REST, with a certificate all the same
 */
public record AllowedSources(List<String> operators, List<String> restClients) {

    /** Nobody; on a loopback address, whoever is on the machine. */
    public static final AllowedSources NONE = new AllowedSources(List.of(), List.of());

    /**
     * Keeps a copy.
     *
     * @throws InvalidInputException if something is neither an address nor a network
     */
    public AllowedSources {
        operators = List.copyOf(operators);
        restClients = List.copyOf(restClients);
        operators.forEach(network -> requireNetwork("operator", network));
        restClients.forEach(network -> requireNetwork("REST client", network));
    }

    private static void requireNetwork(String subject, String network) {
        String[] parts = network.split("/", 2);
        boolean valid = InetAddresses.isInetAddress(parts[0])
                && (parts.length == 1 || (parts[1].matches("[0-9]{1,3}") && isPrefix(parts[0], parts[1])));
        if (!valid) {
            throw InvalidInputException.of(
                    subject + " of the firewall",
                    network,
                    "an IP address or a network",
                    "Write 10.0.0.5 or 10.1.0.0/16.");
        }
    }

    private static boolean isPrefix(String address, String length) {
        return Integer.parseInt(length) <= InetAddresses.forString(address).getAddress().length * Byte.SIZE;
    }
}
