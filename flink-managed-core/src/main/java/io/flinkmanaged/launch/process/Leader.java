package io.flinkmanaged.launch.process;

import io.flinkmanaged.config.LayeredConfiguration;
import io.flinkmanaged.model.NodeId;
import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.render.RenderedNode;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServicesUtils;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalListener;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalService;
import org.jspecify.annotations.Nullable;

/** Which JobManager leads, as the ZooKeeper peers say. Keeps no thread and no connection. */
final class Leader {

    private static final int SECONDS = 10;

    private Leader() {}

    /** Returns the node of the leader; empty if there is none within ten seconds. */
    static Optional<NodeId> of(List<RenderedNode> nodes, LayeredConfiguration configuration) {
        CompletableFuture<String> address = new CompletableFuture<>();
        try {
            Configuration keys = configuration.toFlink();
            ClientHighAvailabilityServices services =
                    HighAvailabilityServicesUtils.createClientHAService(keys, address::completeExceptionally);
            try {
                LeaderRetrievalService retrieval = services.getClusterRestEndpointLeaderRetriever();
                retrieval.start(new Listener(address));
                URI rest = URI.create(address.get(SECONDS, TimeUnit.SECONDS));
                retrieval.stop();
                return nodes.stream()
                        .map(RenderedNode::placement)
                        .filter(node -> node.ports().rest() == rest.getPort()
                                && node.address().equals(rest.getHost()))
                        .map(NodePlacement::node)
                        .findFirst();
            } finally {
                services.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (Exception e) {
            // Nobody leads, or ZooKeeper does not answer.
            return Optional.empty();
        }
    }

    private record Listener(CompletableFuture<String> address) implements LeaderRetrievalListener {

        @Override
        public void notifyLeaderAddress(@Nullable String leader, java.util.@Nullable UUID session) {
            if (leader != null && !leader.isEmpty()) {
                address.complete(leader);
            }
        }

        @Override
        public void handleError(Exception failure) {
            address.completeExceptionally(failure);
        }
    }
}
