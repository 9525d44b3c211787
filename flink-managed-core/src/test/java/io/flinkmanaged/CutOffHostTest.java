package io.flinkmanaged;

import static io.flinkmanaged.TestClusters.PATIENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.TestClusters.Diary;
import io.flinkmanaged.event.ClusterEvent.EpochStarted;
import io.flinkmanaged.event.ClusterEvent.ProcessHung;
import io.flinkmanaged.launch.process.FlinkDistribution;
import io.flinkmanaged.launch.process.Host;
import io.flinkmanaged.launch.process.NamespaceHost;
import io.flinkmanaged.launch.process.NodeOptions;
import io.flinkmanaged.launch.process.ProcessLauncher;
import io.flinkmanaged.launch.process.Traffic;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.AllowedSources;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plan;
import io.flinkmanaged.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three hosts, of which one is cut off, in both directions and in one: the leader's, a standby's, and a standby's where
 * ZooKeeper's own leader is.
 */
@Tag("slow")
class CutOffHostTest {

    private static final int NODES = 3;
    private static final long NUMBERS = 110_000;
    private static final double PER_SECOND = 200;
    private static final Duration HEALED_WITHIN = PATIENCE.multipliedBy(2);
    private static final Pattern COMPLETED = Pattern.compile("Completed checkpoint (\\d+) for job");
    /** As the part of a JobManager says that takes jobs, and what is asked of them. */
    private static final Pattern REVOKED = Pattern.compile("DispatcherRunner was revoked the leadership");

    private static final Pattern ASKED = Pattern.compile(
            "^(\\S+) .*Connecting to ResourceManager pekko\\.ssl\\.tcp://flink@([^:]+):", Pattern.MULTILINE);
    private static final Pattern GRANTED = Pattern.compile(
            "^(\\S+) .*DispatcherRestEndpoint - https://([^:]+):\\d+ was granted leadership", Pattern.MULTILINE);
    private static final String ACCEPTED = "HTTP/1.1 202";
    private static final String SUCCESS = "HTTP/1.1 2";

    @TempDir
    private Path temporary;

    private final Diary diary = new Diary();

    @AfterEach
    void killWhatIsLeft() throws IOException {
        ProcessesBelow.kill(temporary);
    }

    @Test
    void theLargerPartGoesOnExactlyAndTheSmallerOneServesNothing() throws Exception {
        assumeThat(NetworkOfHosts.obstacle()).isEmpty();
        ClusterSpec spec = ClusterSpec.named("flights")
                .plan(Plan.custom("three-small", NODES, MemorySize.ofMebiBytes(1024), 1))
                .checkpoints(
                        Checkpointing.every(Duration.ofMillis(500)).to(FileStorage.at(temporary.resolve("storage"))))
                .build();
        Path counts = Files.createDirectories(temporary.resolve("counts"));
        try (NetworkOfHosts network = NetworkOfHosts.of(NODES);
                ManagedFlink flink = flink(network);
                ManagedCluster cluster = flink.launch(spec)) {
            ManagedJob job = cluster.submit("counting", environment -> {
                environment.setParallelism(2);
                Counting.defineWithFiles(environment, counts, NUMBERS, PER_SECOND);
            });
            cluster.awaitHealthy(PATIENCE);
            everySocketIsBoundToItsNodesAddress(network);
            cluster.grantAccess("tester", Duration.ofHours(1)).writeTo(temporary.resolve("grant"));

            for (Cut cut : List.<Cut>of(network::cut, network::mute, network::deafen)) {
                int leader = cluster.drill().leader();
                long revocations = revocations(leader);
                cutOff(cut, leader, network, cluster, job, () -> revocations(leader) > revocations);
                assertThat(cluster.drill().leader()).isNotEqualTo(leader);
            }
            theLeaderIsNotWherePeersAreLed(cluster);
            for (Cut cut : List.<Cut>of(network::cut, network::mute, network::deafen)) {
                int peersLeader = peers().leader();
                theLeaderStays(cut, peersLeader, network, cluster, job);
                // ZooKeeper's leader may be anywhere by now, but for where it was.
                assertThat(peers().leader()).isNotEqualTo(peersLeader);
                theLeaderIsNotWherePeersAreLed(cluster);
            }
            int leader = cluster.drill().leader();
            int peersLeader = peers().leader();
            int neither = IntStream.rangeClosed(1, NODES)
                    .filter(host -> host != leader && host != peersLeader)
                    .findFirst()
                    .orElseThrow();
            theLeaderStays(network::cut, neither, network, cluster, job);
            assertThat(peers().leader()).isEqualTo(peersLeader);

            await().atMost(PATIENCE.multipliedBy(8))
                    .until(() -> Counting.files(counts).size() == Counting.KEYS);
            for (ProcessHung hung : diary.of(ProcessHung.class)) {
                wasToldOfAFormerLeader(hung, network);
            }
            assertThat(diary.of(EpochStarted.class)).hasSize(1);
            assertThat(completedCheckpoints()).doesNotHaveDuplicates().hasSizeGreaterThan(50);
        }
        Map<String, String> exact = new TreeMap<>();
        Counting.expected(NUMBERS).forEach((key, count) -> exact.put(key.toString(), count.toString()));
        assertThat(Counting.files(counts)).isEqualTo(exact);
        assertThat(ProcessesBelow.of(temporary)).isEmpty();
    }

    /** Cuts a standby's host off: the one that leads goes on, and its jobs with it. */
    private void theLeaderStays(Cut cut, int standby, NetworkOfHosts network, ManagedCluster cluster, ManagedJob job)
            throws Exception {
        int leader = cluster.drill().leader();
        long revocations = revocations(leader);
        cutOff(cut, standby, network, cluster, job, () -> true);
        assertThat(cluster.drill().leader()).isEqualTo(leader);
        assertThat(revocations(leader)).isEqualTo(revocations);
    }

    private void theLeaderIsNotWherePeersAreLed(ManagedCluster cluster) throws IOException {
        int peersLeader = peers().leader();
        if (cluster.drill().leader() == peersLeader) {
            cluster.drill().killJobManager();
            await().ignoreExceptionsInstanceOf(ManagedFlinkException.class)
                    .atMost(PATIENCE)
                    .until(() -> cluster.drill().leader() != peersLeader);
            cluster.awaitHealthy(HEALED_WITHIN);
        }
    }

    /**
     * Cuts a host off, and heals when the others have gone on for long.
     *
     * @param known whether the host knows by then that it is alone; until it does, it is not healed
     */
    private void cutOff(
            Cut cut, int host, NetworkOfHosts network, ManagedCluster cluster, ManagedJob job, Callable<Boolean> known)
            throws Exception {
        await().atMost(HEALED_WITHIN).untilAsserted(() -> assertThat(answerToAWrite(host, network, job))
                .startsWith(ACCEPTED));
        long before = newestCheckpoint(job);
        cut.of(host);
        await().atMost(HEALED_WITHIN)
                .untilAsserted(
                        () -> assertThat(cluster.health().reason()).contains("nobody hears of [node-" + host + "]"));
        // What is completed now was begun by whoever leads the larger part.
        await().atMost(HEALED_WITHIN).until(() -> newestCheckpoint(job) > before + 20);
        await().atMost(HEALED_WITHIN).until(known);
        assertThat(answerToAWrite(host, network, job)).doesNotStartWith(SUCCESS);
        network.heal();
        cluster.awaitHealthy(HEALED_WITHIN);
        assertThat(peers().states().values())
                .allSatisfy(states -> assertThat(states).last().isNotEqualTo("LOOKING"));
    }

    /**
     * Asks a host's JobManager for a checkpoint, from that host itself.
     *
     * @return the answer from its first line on; empty if there is none
     */
    private String answerToAWrite(int host, NetworkOfHosts network, ManagedJob job) throws IOException {
        int port = GlobalConfiguration.loadConfiguration(
                        directoryOf(host, "jobmanager").resolve("conf").toString())
                .get(RestOptions.PORT);
        Process curl = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        network.namespace(host),
                        "curl",
                        "--silent",
                        "--max-time",
                        "20",
                        "--cacert",
                        "ca.pem",
                        "--cert",
                        "certificate.pem",
                        "--key",
                        "key.pem",
                        "--json",
                        "{}",
                        "--include",
                        "https://" + network.address(host) + ":" + port + "/jobs/" + job.jobId() + "/checkpoints")
                .directory(temporary.resolve("grant").toFile())
                .start();
        return new String(curl.getInputStream().readAllBytes(), UTF_8);
    }

    /** Where each host has a network of its own, its address is no other's, and not that of everything. */
    private void everySocketIsBoundToItsNodesAddress(NetworkOfHosts network) throws IOException {
        List<ProcessHandle> processes = ProcessesBelow.of(temporary.toRealPath());
        assertThat(processes).hasSize(3 * NODES);
        for (ProcessHandle process : processes) {
            String node = Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
                    .getFileName()
                    .toString();
            String address = network.address(Integer.parseInt(node.replace("node-", "")));
            assertThat(ListeningSockets.of(process))
                    .as("%s, %s", node, process.info().commandLine())
                    .isNotEmpty()
                    .allMatch(socket -> ListeningSockets.isAt(address, socket));
        }
    }

    private ZooKeeperPeers peers() {
        return new ZooKeeperPeers(temporary.resolve("processes/clusters/flights/epoch-1"));
    }

    private static long newestCheckpoint(ManagedJob job) {
        return job.progress().latestCompleted().orElse(0L);
    }

    private ManagedFlink flink(NetworkOfHosts network) {
        Path home = temporary.resolve("processes").toAbsolutePath();
        return ManagedFlink.configure()
                .listener(diary)
                .launching((time, secrets) -> new ProcessLauncher(
                        home,
                        hosts(network, home, time),
                        new NodeOptions(
                                FlinkDistribution.ofClassPath(), Traffic.TLS, true, false, true, AllowedSources.NONE),
                        time,
                        secrets));
    }

    private static List<Host> hosts(NetworkOfHosts network, Path home, TimeSource time) {
        List<Host> hosts = new ArrayList<>();
        for (int host = 1; host <= NODES; host++) {
            hosts.add(new NamespaceHost(home, time, network.namespace(host), network.address(host)));
        }
        return hosts;
    }

    private String log(int node, String process) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(directoryOf(node, process).resolve("log"))) {
            for (Path file : files.toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    private Path directoryOf(int node, String process) {
        return temporary
                .resolve("processes/clusters/flights/epoch-1/node-" + node)
                .resolve(process);
    }

    /** How often a JobManager has said so until now. */
    private long revocations(int node) throws IOException {
        return REVOKED.matcher(log(node, "jobmanager")).results().count();
    }

    /**
     * Nobody hangs here. But Flink can tell a TaskManager of a former leader when its host is back, after the one that counts,
     * and it asks that one for ever (decision 0054).
     */
    private void wasToldOfAFormerLeader(ProcessHung hung, NetworkOfHosts network) throws IOException {
        assertThat(hung.process()).isEqualTo("taskmanager");
        Optional<MatchResult> asked = newestBefore(hung.at(), ASKED, log(hung.node(), "taskmanager"));
        StringBuilder all = new StringBuilder();
        for (int node = 1; node <= NODES; node++) {
            all.append(log(node, "jobmanager"));
        }
        Optional<MatchResult> leader = newestBefore(hung.at(), GRANTED, all.toString());
        assertThat(asked.orElseThrow().group(2))
                .as("%s", hung)
                .isIn(IntStream.rangeClosed(1, NODES).mapToObj(network::address).toList())
                .isNotEqualTo(leader.orElseThrow().group(2));
    }

    private static Optional<MatchResult> newestBefore(Instant time, Pattern pattern, String log) {
        return pattern.matcher(log)
                .results()
                .filter(found -> Instant.parse(found.group(1)).isBefore(time))
                .max(Comparator.comparing(found -> Instant.parse(found.group(1))));
    }

    /** By whichever JobManager. */
    private List<Long> completedCheckpoints() throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (int node = 1; node <= NODES; node++) {
            Matcher completed = COMPLETED.matcher(log(node, "jobmanager"));
            while (completed.find()) {
                numbers.add(Long.parseLong(completed.group(1)));
            }
        }
        return numbers;
    }

    /** A way to cut a host off. */
    @FunctionalInterface
    private interface Cut {
        void of(int host) throws IOException;
    }
}
