package io.flinkmanaged.node;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.AddressResolution;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.jspecify.annotations.Nullable;

/**
 * Flink's RPC system for a rehearsal: what is not told where to listen does so on loopback. Flink's own then listens at every
 * address of the host, as it does for the metrics of a MiniCluster, whatever that is configured to.
 */
final class LoopbackRpcSystem implements RpcSystem {

    private final RpcSystem flinks;
    private final String loopback;

    LoopbackRpcSystem(RpcSystem flinks, String loopback) {
        this.flinks = flinks;
        this.loopback = loopback;
    }

    @Override
    public RpcServiceBuilder localServiceBuilder(Configuration configuration) {
        return flinks.localServiceBuilder(configuration);
    }

    @Override
    public RpcServiceBuilder remoteServiceBuilder(
            Configuration configuration, @Nullable String externalAddress, String externalPortRange) {
        return flinks.remoteServiceBuilder(configuration, externalAddress, externalPortRange)
                .withBindAddress(loopback);
    }

    @Override
    public InetSocketAddress getInetSocketAddressFromRpcUrl(String url) throws Exception {
        return flinks.getInetSocketAddressFromRpcUrl(url);
    }

    @Override
    public String getRpcUrl(
            String hostname, int port, String endpointName, AddressResolution addressResolution, Configuration config)
            throws UnknownHostException {
        return flinks.getRpcUrl(hostname, port, endpointName, addressResolution, config);
    }

    @Override
    public long getMaximumMessageSizeInBytes(Configuration config) {
        return flinks.getMaximumMessageSizeInBytes(config);
    }

    /** The one that is kept goes on. */
    @Override
    public void close() {}
}
