package io.flinkmanaged.launch.minicluster;

import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.internal.TearDown;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.runtime.blob.BlobServer;
import org.apache.flink.runtime.dispatcher.DispatcherGateway;
import org.apache.flink.runtime.entrypoint.component.DispatcherResourceManagerComponent;
import org.apache.flink.runtime.heartbeat.HeartbeatServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServices;
import org.apache.flink.runtime.metrics.MetricRegistry;
import org.apache.flink.runtime.metrics.MetricRegistryImpl;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.runtime.rpc.FatalErrorHandler;
import org.apache.flink.runtime.rpc.RpcService;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.runtime.security.token.DelegationTokenManager;
import org.apache.flink.runtime.taskexecutor.TaskExecutor;
import org.apache.flink.runtime.webmonitor.retriever.MetricQueryServiceRetriever;
import org.apache.flink.util.Reference;
import org.jspecify.annotations.Nullable;

/**
 * Flink's {@code MiniCluster}, which lets us see what it otherwise keeps to itself: its TaskExecutors, its dispatcher,
 * and the error that ended it. And which leaves nothing behind when it cannot be started.
 */
final class SessionMiniCluster extends MiniCluster {

    private final List<TaskExecutor> taskExecutors = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> fatalError = new AtomicReference<>();
    private final AtomicReference<@Nullable FatalErrorHandler> jobManagerErrors = new AtomicReference<>();
    private final Set<String> secretKeys;
    private final TearDown early = new TearDown();
    private volatile boolean ending;
    private boolean starting;
    private @Nullable Exception heldBack;
    private final AtomicReference<@Nullable Runnable> onEnd = new AtomicReference<>();

    SessionMiniCluster(
            Configuration configuration,
            Set<String> secretKeys,
            int taskManagers,
            int slots,
            SharedRpcSystem rpcSystem) {
        super(configure(configuration, taskManagers, slots), () -> Reference.borrowed(rpcSystem.system()));
        this.secretKeys = Set.copyOf(secretKeys);
    }

    private static MiniClusterConfiguration configure(Configuration configuration, int taskManagers, int slots) {
        return new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(taskManagers)
                .setNumSlotsPerTaskManager(slots)
                .setRpcServiceSharing(RpcServiceSharing.SHARED)
                .build();
    }

    /**
     * Starts the cluster, or leaves nothing of it.
     *
     * <p>When Flink's {@code start()} fails, it calls {@code close()}, which does nothing because the cluster is not
     * running yet: sockets, actors and threads stay. So a failure of the late steps is held back until the cluster counts
     * as running and can be closed, and what the early steps made is closed here.
     */
    void startOrLeaveNothing() throws Exception {
        starting = true;
        try {
            start();
        } catch (Throwable e) {
            early.after(e);
            throw e;
        } finally {
            starting = false;
        }
        if (heldBack != null) {
            TearDown whole = new TearDown();
            whole.add(() -> closeAsync().get(1, TimeUnit.MINUTES));
            whole.after(heldBack);
            throw heldBack;
        }
    }

    @Override
    public void startTaskManager() throws Exception {
        try {
            super.startTaskManager();
        } catch (Exception e) {
            holdBack(e);
        }
    }

    /**
     * What the JobManager's REST interface shows. Flink hides some secrets by their keys, {@code s3.access-key} not among
     * them; file systems, reporters and TaskManagers have been given the values elsewhere.
     */
    private Configuration withoutSecrets(Configuration configuration) {
        Configuration shown = new Configuration(configuration);
        secretKeys.stream()
                .filter(key -> !GlobalConfiguration.isSensitive(key))
                .forEach(key -> shown.setString(key, GlobalConfiguration.HIDDEN_CONTENT));
        return shown;
    }

    private void holdBack(Exception failure) throws Exception {
        if (!starting) {
            throw failure;
        }
        if (heldBack == null) {
            heldBack = failure;
        }
    }

    /** Returns how many TaskManagers have ever been created: Flink's index of the next one. */
    int created() {
        synchronized (taskExecutors) {
            return taskExecutors.size();
        }
    }

    /** Returns a TaskManager by Flink's index of it. */
    TaskExecutor taskExecutor(int index) {
        synchronized (taskExecutors) {
            return taskExecutors.get(index);
        }
    }

    /** Returns the error that ended the cluster, if one did. */
    Optional<Throwable> fatalError() {
        return Optional.ofNullable(fatalError.get());
    }

    /**
     * Calls back when the cluster has ended, whoever ended it.
     *
     * @param ended called once, on a thread of Flink
     */
    void whenEnded(Runnable ended) {
        onEnd.set(ended);
        if (!isRunning()) {
            CompletableFuture<Void> unused = tellEnd(closeAsync());
        }
    }

    /** Flink ends a broken cluster through this method, too: after a fatal error and when its dispatcher stops. */
    @Override
    public CompletableFuture<Void> closeAsync() {
        ending = true;
        return tellEnd(super.closeAsync());
    }

    /** Returns whether the cluster ends or has ended: from before its first TaskManager is taken away. */
    boolean isEnding() {
        return ending;
    }

    /** Returns whether every part of the cluster has ended. */
    boolean hasEnded() {
        return ending && super.closeAsync().isDone();
    }

    private CompletableFuture<Void> tellEnd(CompletableFuture<Void> end) {
        return end.whenComplete((ignored, failure) -> {
            Runnable listener = onEnd.getAndSet(null);
            if (listener != null) {
                listener.run();
            }
        });
    }

    /** Ends the cluster as an unrecoverable error of its JobManager does. */
    void failJobManager(Throwable cause) {
        FatalErrorHandler handler = jobManagerErrors.get();
        if (handler == null) {
            throw new IllegalStateException("The JobManager has not been started.");
        }
        handler.onFatalError(cause);
    }

    /** Returns the dispatcher's gateway; fails, rather than throws, when the cluster is down. */
    CompletableFuture<DispatcherGateway> dispatcher() {
        try {
            return getDispatcherGatewayFuture();
        } catch (IllegalStateException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    protected RpcService createLocalRpcService(Configuration configuration, RpcSystem rpcSystem) throws Exception {
        RpcService service = super.createLocalRpcService(configuration, rpcSystem);
        early.add(() -> service.closeAsync().get(1, TimeUnit.MINUTES));
        return new WitnessedRpcService(service, this::remember);
    }

    @Override
    protected MetricRegistryImpl createMetricRegistry(Configuration configuration, long maximumMessageSize) {
        MetricRegistryImpl registry = super.createMetricRegistry(configuration, maximumMessageSize);
        early.add(() -> registry.closeAsync().get(1, TimeUnit.MINUTES));
        return registry;
    }

    @Override
    protected HighAvailabilityServices createHighAvailabilityServices(Configuration configuration, Executor executor)
            throws Exception {
        if (executor instanceof ExecutorService owned) {
            early.add(owned::shutdownNow);
        }
        HighAvailabilityServices services = super.createHighAvailabilityServices(configuration, executor);
        early.add(services);
        return services;
    }

    @Override
    protected Collection<? extends DispatcherResourceManagerComponent> createDispatcherResourceManagerComponents(
            Configuration configuration,
            RpcServiceFactory rpcServiceFactory,
            BlobServer blobServer,
            HeartbeatServices heartbeatServices,
            DelegationTokenManager delegationTokenManager,
            MetricRegistry metricRegistry,
            MetricQueryServiceRetriever metricQueryServiceRetriever,
            FatalErrorHandler fatalErrorHandler)
            throws Exception {
        FatalErrorHandler remembering = error -> {
            fatalError.compareAndSet(null, Failures.unwrap(error));
            fatalErrorHandler.onFatalError(error);
        };
        jobManagerErrors.set(remembering);
        try {
            return super.createDispatcherResourceManagerComponents(
                    withoutSecrets(configuration),
                    rpcServiceFactory,
                    blobServer,
                    heartbeatServices,
                    delegationTokenManager,
                    metricRegistry,
                    metricQueryServiceRetriever,
                    remembering);
        } catch (Exception e) {
            holdBack(e);
            return List.of();
        }
    }

    private void remember(TaskExecutor taskExecutor) {
        synchronized (taskExecutors) {
            taskExecutors.add(taskExecutor);
        }
    }
}
