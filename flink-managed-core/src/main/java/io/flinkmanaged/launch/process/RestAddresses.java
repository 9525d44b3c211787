package io.flinkmanaged.launch.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalListener;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalService;
import org.jspecify.annotations.Nullable;

/**
 * The REST interfaces of an epoch's JobManagers, of which one is asked at a time. Any will do: one that does not lead asks
 * the leader. When the one that is asked fails, the next one is. Thread-safe.
 */
final class RestAddresses {

    private final List<URI> all;
    private final AtomicInteger asked = new AtomicInteger();
    private final List<Retrieval> clients = new CopyOnWriteArrayList<>();

    RestAddresses(List<URI> all) {
        this.all = List.copyOf(all);
    }

    /** Returns the one that is asked. */
    URI current() {
        return all.get(Math.floorMod(asked.get(), all.size()));
    }

    /** Takes the next one, unless somebody else has done so. */
    void failed(URI failed) {
        int before = asked.get();
        if (all.size() > 1 && current().equals(failed) && asked.compareAndSet(before, before + 1)) {
            clients.forEach(Retrieval::tell);
        }
    }

    /** Returns what tells a client of Flink's whom to ask, until that client is closed. */
    ClientHighAvailabilityServices forClient() {
        return new Retrieval();
    }

    private final class Retrieval implements ClientHighAvailabilityServices, LeaderRetrievalService {

        private volatile @Nullable LeaderRetrievalListener listener;

        void tell() {
            LeaderRetrievalListener client = listener;
            if (client != null) {
                String address = current().toString();
                client.notifyLeaderAddress(address, UUID.nameUUIDFromBytes(address.getBytes(UTF_8)));
            }
        }

        @Override
        public LeaderRetrievalService getClusterRestEndpointLeaderRetriever() {
            return this;
        }

        @Override
        public void start(LeaderRetrievalListener client) {
            listener = client;
            clients.add(this);
            tell();
        }

        @Override
        public void stop() {
            clients.remove(this);
            listener = null;
        }

        @Override
        public void close() {
            stop();
        }
    }
}
