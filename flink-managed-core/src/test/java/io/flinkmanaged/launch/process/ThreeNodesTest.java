package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkmanaged.ListeningSockets;
import io.flinkmanaged.ProcessesBelow;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.LostProcess;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.render.RenderedProcess.Kind;
import io.flinkmanaged.security.ClusterCertificates;
import io.flinkmanaged.security.Strangers;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nine processes: one JobManager leads, two stand by. */
@Tag("slow")
class ThreeNodesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @RegisterExtension
    private final LaunchPlace place = new LaunchPlace();

    @Test
    void anotherJobManagerLeadsWhenTheLeaderIsKilled() throws Exception {
        ClusterSpec spec = ClusterSpec.named("flights")
                .plan(Plan.custom("three-small", 3, MemorySize.ofMebiBytes(1024), 1))
                .build();
        LaunchedCluster cluster = place.launcher().launch(place.order(spec), () -> {});
        assertThat(cluster.observe().taskManagers()).hasSize(3);

        Set<Integer> internal = new TreeSet<>();
        for (ProcessHandle process : ProcessesBelow.of(place.directory())) {
            internal.addAll(ListeningSockets.portsOf(process));
        }
        int rest = Math.floorMod(cluster.webUi().getPort(), 10);
        internal.removeIf(port -> Math.floorMod(port, 10) == rest);
        // Six of each node's Flink, a ZooKeeper's client and election port, and the one where followers meet the
        // leader.
        assertThat(internal).hasSize(3 * (6 + 2) + 1);
        Strangers.areRefusedAt(
                internal,
                ClusterCertificates.open(place.home().resolve("security/flights"), spec.name(), place.time()),
                place.directory().resolve("stranger"),
                place.time());
        assertThat(cluster.observe().lost()).isEmpty();

        cluster.killJobManager();
        List<LostProcess> lost = cluster.observe().lost();
        assertThat(lost).singleElement().satisfies(one -> assertThat(one.kind()).isEqualTo(Kind.JOB_MANAGER));
        await().atMost(PATIENCE).until(() -> cluster.observe().liveness() == Liveness.ANSWERS);
        assertThat(cluster.observe().lost()).hasSize(1);
        cluster.restart(lost.get(0).node(), Kind.JOB_MANAGER);
        ClusterObservation whole = cluster.observe();
        assertThat(whole.lost()).isEmpty();

        assertThat(cluster.stop()).isEqualTo(StopConfirmation.CONFIRMED);
        assertThat(place.living()).isEmpty();
    }
}
