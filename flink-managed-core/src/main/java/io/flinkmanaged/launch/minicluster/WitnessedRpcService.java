package io.flinkmanaged.launch.minicluster;

import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.flink.runtime.rpc.FencedRpcGateway;
import org.apache.flink.runtime.rpc.RpcEndpoint;
import org.apache.flink.runtime.rpc.RpcGateway;
import org.apache.flink.runtime.rpc.RpcServer;
import org.apache.flink.runtime.rpc.RpcService;
import org.apache.flink.runtime.taskexecutor.TaskExecutor;
import org.apache.flink.util.concurrent.ScheduledExecutor;

/**
 * An RPC service that tells of every TaskExecutor that is created with it.
 *
 * <p>{@code MiniCluster} keeps its TaskExecutors to itself; their termination futures are the witness that ends a wait
 * for a heartbeat.
 */
final class WitnessedRpcService implements RpcService {

    private final RpcService service;
    private final Consumer<TaskExecutor> created;

    WitnessedRpcService(RpcService service, Consumer<TaskExecutor> created) {
        this.service = service;
        this.created = created;
    }

    @Override
    public String getAddress() {
        return service.getAddress();
    }

    @Override
    public int getPort() {
        return service.getPort();
    }

    @Override
    public <C extends RpcGateway> C getSelfGateway(Class<C> selfGatewayType, RpcServer rpcServer) {
        return service.getSelfGateway(selfGatewayType, rpcServer);
    }

    @Override
    public <C extends RpcGateway> CompletableFuture<C> connect(String address, Class<C> type) {
        return service.connect(address, type);
    }

    @Override
    public <F extends Serializable, C extends FencedRpcGateway<F>> CompletableFuture<C> connect(
            String address, F fencingToken, Class<C> type) {
        return service.connect(address, fencingToken, type);
    }

    @Override
    public <C extends RpcEndpoint & RpcGateway> RpcServer startServer(
            C rpcEndpoint, Map<String, String> loggingContext) {
        if (rpcEndpoint instanceof TaskExecutor taskExecutor) {
            created.accept(taskExecutor);
        }
        return service.startServer(rpcEndpoint, loggingContext);
    }

    @Override
    public void stopServer(RpcServer selfGateway) {
        service.stopServer(selfGateway);
    }

    @Override
    public ScheduledExecutor getScheduledExecutor() {
        return service.getScheduledExecutor();
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return service.closeAsync();
    }
}
