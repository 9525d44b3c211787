package io.flinkmanaged.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flinkmanaged.internal.Golden;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.NodeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirewallTest {

    private static final ClusterName FLIGHTS = new ClusterName("flights");

    @TempDir
    private Path directory;

    private final ProcessPlacement version4 = placed("10.0.0.1", "10.0.0.2", "10.0.0.3");
    private final ProcessPlacement version6 = placed("fd00::1", "fd00::2", "fd00::3");

    @Test
    void whatIsRenderedIsPinned() {
        Golden.check(
                "firewall.txt",
                node(version4, 0, List.of("10.0.9.9"), List.of("10.1.0.0/16", "10.1.2.0/24", "fd00:1::/64"))
                        + node(version6, 1, List.of(), List.of("10.1.0.0/16", "fd00:1::/64"))
                        + node(placed("127.0.0.1"), 0, List.of(), List.of()));
    }

    @Test
    void nftTakesIt() throws Exception {
        int rendered = 0;
        for (ProcessPlacement placement : List.of(version4, version6, placed("127.0.0.1"), placed("::1"))) {
            Path file = directory.resolve("firewall-" + ++rendered + ".nft");
            Files.writeString(file, node(placement, 0, List.of("10.0.9.9"), List.of("10.1.0.0/16", "10.1.2.0/24")));
            assertThat(inNameSpace("nft -c -f " + file)).isEmpty();
        }
    }

    /** The kernel's own judgement, with the file loaded twice, in a network name space that only has these addresses. */
    @Test
    void theKernelKeepsIt() throws Exception {
        Path file = directory.resolve("firewall.nft");
        Files.writeString(file, node(version4, 0, List.of("10.0.9.9"), List.of("10.1.0.0/16")));
        NodePorts ports = version4.nodes().get(0).ports();
        List<String> asked = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (String[] each : new String[][] {
            {"10.0.0.2", "" + ports.jobManagerRpc(), "connected"},
            {"10.0.0.3", "" + ports.taskManagerData(), "connected"},
            {"10.0.0.2", "" + ports.rest(), "refused"},
            {"10.0.9.9", "" + ports.rest(), "connected"},
            {"10.0.9.9", "" + ports.zooKeeperClient(), "connected"},
            {"10.0.9.9", "" + ports.taskManagerData(), "refused"},
            {"10.1.2.3", "" + ports.rest(), "connected"},
            {"10.1.2.3", "" + ports.jobManagerRpc(), "refused"},
            {"10.9.9.9", "" + ports.rest(), "refused"},
            {"10.9.9.9", "" + ports.blob(), "refused"},
            {"10.9.9.9", "6140", "connected"},
        }) {
            asked.add(each[0] + " 10.0.0.1 " + each[1]);
            expected.add(each[2]);
        }
        String addresses = String.join(
                " && ",
                List.of("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.9.9", "10.1.2.3", "10.9.9.9").stream()
                        .map(address -> "ip address add " + address + "/32 dev lo")
                        .toList());
        String java = Path.of(System.getProperty("java.home"), "bin", "java") + " -Xmx32m -XX:TieredStopAtLevel=1 -cp "
                + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String answers = inNameSpace("ip link set lo up && " + addresses + " && nft -f " + file + " && nft -f " + file
                + " && " + java + " " + FirewallProbe.class.getName() + " " + String.join(" ", asked)
                + " && nft delete table inet "
                + Firewall.tableOf(FLIGHTS, version4.nodes().get(0)));
        assertThat(answers.lines()).containsExactlyElementsOf(expected);
    }

    @Test
    void refusesWhatIsNoAddress() {
        assertThatThrownBy(() -> node(placed("node-1.example.org"), 0, List.of(), List.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("address of node-1: node-1.example.org (expected: an IP address");
        for (String wrong : List.of("grafana", "10.0.0.0/33", "10.0.0.0/", "10.0.0.1; flush ruleset", "")) {
            assertThatThrownBy(() -> node(version4, 0, List.of(), List.of(wrong)))
                    .as(wrong)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("REST client of the firewall");
        }
    }

    private static String node(
            ProcessPlacement placement, int index, List<String> operators, List<String> restClients) {
        return Firewall.of(FLIGHTS, placement, placement.nodes().get(index), new AllowedSources(operators, restClients))
                .text();
    }

    private static ProcessPlacement placed(String... addresses) {
        return new ProcessPlacement(
                new Epoch(1),
                "file:/ha",
                IntStream.range(0, addresses.length)
                        .mapToObj(i -> new NodePlacement(
                                new NodeId(i + 1), addresses[i], Path.of("/flink"), NodePorts.from(6120)))
                        .toList());
    }

    /** Runs a command as root of a network name space of its own; skips the test where that cannot be. */
    private static String inNameSpace(String command) throws IOException, InterruptedException {
        assumeTrue(
                run("ip link set lo up && nft list ruleset").exit() == 0,
                "unshare, ip (iproute2) and nft (nftables) are not all here, or this user may not use them");
        Ran ran = run(command);
        assertThat(ran.exit()).as(ran.output()).isZero();
        return ran.output();
    }

    private static Ran run(String command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(
                            "unshare", "-rn", "sh", "-c", "PATH=$PATH:/usr/sbin:/sbin; export PATH; " + command)
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return new Ran(-1, e.toString());
        }
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(1, TimeUnit.MINUTES) ? process.exitValue() : -1, output);
        } finally {
            Process unused = process.destroyForcibly();
        }
    }

    private record Ran(int exit, String output) {}
}
