package io.flinkmanaged;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Hosts on a network of their own, which can be cut: each is a network namespace of this machine with one interface on a
 * common bridge, where this JVM has an address, too. For root only.
 *
 * <p>What is cut is cut in silence, as by a switch: nobody is told that a packet did not arrive.
 */
final class NetworkOfHosts implements AutoCloseable {

    /** Nobody's: what is sent there is lost. */
    private static final String NOWHERE = "02:00:00:00:00:01";

    private final int hosts;
    private final String name;
    private final String network;

    private NetworkOfHosts(int hosts) {
        this.hosts = hosts;
        long pid = ProcessHandle.current().pid();
        this.name = "fm" + pid % 100_000;
        this.network = "10.213." + pid % 250 + ".";
    }

    /** Returns why no such network can be made here; empty if it can. */
    static Optional<String> obstacle() {
        String probe = "fmprobe" + ProcessHandle.current().pid() % 100_000;
        try {
            run("ip", "netns", "add", probe);
            run("ip", "netns", "delete", probe);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("network namespaces are for root with iproute2: " + e.getMessage());
        }
    }

    static NetworkOfHosts of(int hosts) throws IOException {
        NetworkOfHosts made = new NetworkOfHosts(hosts);
        try {
            made.build();
        } catch (IOException e) {
            made.close();
            throw e;
        }
        return made;
    }

    private void build() throws IOException {
        run("ip", "link", "add", name, "type", "bridge");
        run("ip", "address", "add", network + "254/24", "dev", name);
        run("ip", "link", "set", name, "up");
        for (int host = 1; host <= hosts; host++) {
            run("ip", "netns", "add", namespace(host));
            run("ip", "link", "add", port(host), "type", "veth", "peer", "name", "eth0", "netns", namespace(host));
            run("ip", "link", "set", port(host), "master", name, "up");
            inside(host, "ip", "link", "set", "lo", "up");
            inside(host, "ip", "address", "add", address(host) + "/24", "dev", "eth0");
            inside(host, "ip", "link", "set", "eth0", "up");
        }
    }

    String namespace(int host) {
        return name + "-" + host;
    }

    String address(int host) {
        return network + host;
    }

    private String port(int host) {
        return name + "p" + host;
    }

    /** Cuts a host off, in both directions. */
    void cut(int host) throws IOException {
        run("ip", "link", "set", port(host), "nomaster");
    }

    /** Lets a host hear everybody, and nobody hear it. */
    void mute(int host) throws IOException {
        for (String other : others(host)) {
            inside(host, "ip", "neighbour", "replace", other, "lladdr", NOWHERE, "nud", "permanent", "dev", "eth0");
        }
    }

    /** Lets everybody hear a host, and it nobody. */
    void deafen(int host) throws IOException {
        String[] astray = {"ip", "neighbour", "replace", address(host), "lladdr", NOWHERE, "nud", "permanent", "dev"};
        for (int other = 1; other <= hosts; other++) {
            if (other != host) {
                inside(other, with(astray, "eth0"));
            }
        }
        run(with(astray, name));
    }

    /** Makes everything well again. */
    void heal() throws IOException {
        for (int host = 1; host <= hosts; host++) {
            run("ip", "link", "set", port(host), "master", name);
            for (String other : others(host)) {
                tryInside(host, "ip", "neighbour", "delete", other, "dev", "eth0");
            }
            tryRun("ip", "neighbour", "delete", address(host), "dev", name);
        }
    }

    private List<String> others(int host) {
        List<String> others = new ArrayList<>(List.of(network + "254"));
        for (int other = 1; other <= hosts; other++) {
            if (other != host) {
                others.add(address(other));
            }
        }
        return others;
    }

    /** The pairs of interfaces go with their namespaces. */
    @Override
    public void close() {
        for (int host = 1; host <= hosts; host++) {
            tryRun("ip", "link", "delete", port(host));
            tryRun("ip", "netns", "delete", namespace(host));
        }
        tryRun("ip", "link", "delete", name);
    }

    private void inside(int host, String... command) throws IOException {
        List<String> entered = new ArrayList<>(List.of("ip", "netns", "exec", namespace(host)));
        entered.addAll(Arrays.asList(command));
        run(entered.toArray(new String[0]));
    }

    private void tryInside(int host, String... command) {
        try {
            inside(host, command);
        } catch (IOException e) {
            // It was not there.
        }
    }

    private static void tryRun(String... command) {
        try {
            run(command);
        } catch (IOException e) {
            // It was not there.
        }
    }

    private static String[] with(String[] command, String last) {
        String[] all = Arrays.copyOf(command, command.length + 1);
        all[command.length] = last;
        return all;
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
