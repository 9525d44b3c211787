package io.flinkmanaged.render;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobmaster.JobMasterGateway;
import org.apache.flink.runtime.jobmaster.TaskManagerRegistrationInformation;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.runtime.resourcemanager.ResourceManagerGateway;
import org.apache.flink.runtime.resourcemanager.TaskExecutorRegistration;
import org.apache.flink.runtime.rpc.RpcService;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.runtime.rpc.exceptions.RecipientUnreachableException;
import org.apache.flink.runtime.taskexecutor.TaskExecutorGateway;
import org.jspecify.annotations.Nullable;

/**
 * A cluster whose first TaskManager can be made to fall silent, as one whose machine is gone: calls to it fail as Flink's
 * RPC fails them for a host that refuses connections, heartbeats to it are never answered, and nothing of it is heard.
 */
final class SilentTaskManager extends MiniCluster {

    /** The answer of who is not there. */
    private static final Object NEVER = new CompletableFuture<>();

    private final AtomicReference<@Nullable String> first = new AtomicReference<>();
    private final AtomicInteger failedDeployments = new AtomicInteger();
    private volatile boolean silent;

    SilentTaskManager(Configuration configuration, int slots) {
        super(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .setRpcServiceSharing(RpcServiceSharing.SHARED)
                .build());
    }

    void fallSilent() {
        silent = true;
    }

    /** Returns how many tasks were sent to the silent TaskManager: each is a failure of its region. */
    int failedDeployments() {
        return failedDeployments.get();
    }

    @Override
    protected RpcService createLocalRpcService(Configuration configuration, RpcSystem rpcSystem) throws Exception {
        RpcService service = super.createLocalRpcService(configuration, rpcSystem);
        return proxy(RpcService.class, (proxy, method, arguments) -> {
            Object result = call(service, method, arguments);
            return method.getName().equals("connect") && result instanceof CompletableFuture<?> connected
                    ? connected.thenApply(this::heard)
                    : result;
        });
    }

    private Object heard(Object gateway) {
        if (gateway instanceof TaskExecutorGateway taskManager) {
            first.compareAndSet(null, taskManager.getAddress());
            return taskManager.getAddress().equals(first.get())
                    ? proxy(
                            TaskExecutorGateway.class,
                            (proxy, method, arguments) -> toFirst(taskManager, method, arguments))
                    : taskManager;
        }
        if (gateway instanceof JobMasterGateway jobMaster) {
            return proxy(JobMasterGateway.class, (proxy, method, arguments) -> fromAny(jobMaster, method, arguments));
        }
        if (gateway instanceof ResourceManagerGateway manager) {
            return proxy(
                    ResourceManagerGateway.class, (proxy, method, arguments) -> fromAny(manager, method, arguments));
        }
        return gateway;
    }

    private @Nullable Object toFirst(TaskExecutorGateway gateway, Method method, Object @Nullable [] arguments)
            throws Throwable {
        if (!silent || method.getName().startsWith("get")) {
            return call(gateway, method, arguments);
        }
        if (method.getName().startsWith("heartbeat")) {
            return NEVER;
        }
        if (method.getName().equals("submitTask")) {
            int unused = failedDeployments.incrementAndGet();
        }
        return method.getReturnType() == void.class ? null : unreachable(gateway, method);
    }

    private static Object unreachable(TaskExecutorGateway gateway, Method method) {
        Object answer = CompletableFuture.failedFuture(
                new RecipientUnreachableException("JobMaster", gateway.getAddress(), method.getName()));
        return answer;
    }

    private @Nullable Object fromAny(Object gateway, Method method, Object @Nullable [] arguments) throws Throwable {
        boolean unheard =
                silent && arguments != null && Arrays.stream(arguments).anyMatch(this::isOfFirst);
        return unheard ? NEVER : call(gateway, method, arguments);
    }

    /** It would otherwise register anew as soon as it misses the heartbeats of the others. */
    private boolean isOfFirst(Object argument) {
        return (argument instanceof TaskExecutorRegistration one
                        && one.getTaskExecutorAddress().equals(first.get()))
                || (argument instanceof TaskManagerRegistrationInformation other
                        && other.getTaskManagerRpcAddress().equals(first.get()));
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
