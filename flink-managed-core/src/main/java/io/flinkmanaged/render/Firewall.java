package io.flinkmanaged.render;

import com.google.common.net.InetAddresses;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * The firewall of a node as an nftables file, for {@code nft -f}: each port that the node's processes listen on takes
 * connections from those who have business there, and refuses everybody else at once instead of leaving them to a time-out.
 * What is not a port of the node is not touched.
 *
 * <p>The table is this node's own: loading the file replaces it as a whole, in one transaction, and
 * {@code nft delete table inet <name>} takes it away. It is the second line of defence, in front of mutual TLS.
 */
public final class Firewall {

    private static final String FILE = "firewall.nft";

    private final ProcessPlacement placement;
    private final NodePlacement node;
    private final StringBuilder text = new StringBuilder();

    private Firewall(ProcessPlacement placement, NodePlacement node) {
        this.placement = placement;
        this.node = node;
    }

    /**
     * Renders the firewall of a node; pure.
     *
     * @param cluster the cluster
     * @param placement where all its nodes run; their addresses must be IP addresses
     * @param node which of them
     * @param allowed who outside the cluster reaches it
     * @return the file, to be put into the node's directory
     * @throws InvalidInputException if a node is placed by name
     */
    public static RenderedFile of(
            ClusterName cluster, ProcessPlacement placement, NodePlacement node, AllowedSources allowed) {
        placement.nodes().forEach(each -> requireAddress("address of " + each.node(), each.address()));
        Firewall firewall = new Firewall(placement, node);
        firewall.write(cluster, allowed);
        return new RenderedFile(FILE, RenderedFile.PRIVATE, firewall.text.toString());
    }

    /**
     * Returns the name of the table of a node's firewall.
     *
     * @param cluster the cluster
     * @param node the node
     */
    public static String tableOf(ClusterName cluster, NodePlacement node) {
        return "flink-managed-" + cluster + "-" + node.node();
    }

    private void write(ClusterName cluster, AllowedSources allowed) {
        NodePorts ports = node.ports();
        String table = "table inet " + tableOf(cluster, node);
        line("# Replaces the table as a whole: nft -f " + FILE);
        line(table);
        line("delete " + table);
        line(table + " {");
        line("    chain input {");
        line("        type filter hook input priority filter; policy accept;");
        line("        " + ip(node.address()) + " daddr " + plain(node.address()) + " tcp dport { " + joined(all(ports))
                + " } jump node");
        line("    }");
        line("    chain node {");
        List<String> nodes =
                placement.nodes().stream().map(NodePlacement::address).toList();
        accept("nodes among themselves", nodes, internal(ports));
        accept(
                "the library",
                allowed.operators(),
                List.of(ports.rest(), ports.jobManagerRpc(), ports.zooKeeperClient()));
        accept("people and tools", allowed.restClients(), List.of(ports.rest()));
        if (address(node.address()).isLoopbackAddress()) {
            accept("this machine, which alone reaches this address", List.of("127.0.0.0/8", "::1"), all(ports));
        }
        line("        reject with tcp reset");
        line("    }");
        line("}");
    }

    private void accept(String who, Collection<String> from, List<Integer> ports) {
        TreeSet<String> sources = new TreeSet<>();
        from.stream()
                .filter(source -> isVersion4(source) == isVersion4(node.address()))
                .map(Firewall::plain)
                .forEach(sources::add);
        if (!sources.isEmpty()) {
            line("        # " + who);
        }
        // A line each, not a set: a set refuses networks that overlap.
        for (String source : sources) {
            line("        " + ip(source) + " saddr " + source + " tcp dport { " + joined(ports) + " } accept");
        }
    }

    private static List<Integer> internal(NodePorts ports) {
        return all(ports).stream().filter(port -> port != ports.rest()).toList();
    }

    private static List<Integer> all(NodePorts ports) {
        return List.copyOf(ports.uses().keySet());
    }

    private static String joined(List<Integer> ports) {
        return String.join(", ", ports.stream().sorted().map(String::valueOf).toList());
    }

    private static String ip(String address) {
        return isVersion4(address) ? "ip" : "ip6";
    }

    private static boolean isVersion4(String network) {
        return address(network.replaceFirst("/.*", "")) instanceof Inet4Address;
    }

    /** As nftables writes it: an IPv4 address that came in the form of IPv6 is one. */
    private static String plain(String network) {
        int slash = network.indexOf('/');
        String prefix = slash < 0 ? "" : network.substring(slash);
        return InetAddresses.toAddrString(address(network.substring(0, network.length() - prefix.length()))) + prefix;
    }

    private static InetAddress address(String text) {
        return InetAddresses.forString(text);
    }

    private static void requireAddress(String subject, String address) {
        if (!InetAddresses.isInetAddress(address)) {
            throw InvalidInputException.of(
                    subject,
                    address,
                    "an IP address where a firewall is rendered",
                    "Place the node by its address: what a name means may change while the firewall stays.");
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
