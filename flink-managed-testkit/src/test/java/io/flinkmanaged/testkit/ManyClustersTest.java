package io.flinkmanaged.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.launch.ClusterLauncher;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.testkit.simulation.SimulatedLauncher;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More clusters at once than the library has threads. */
class ManyClustersTest {

    private static final int CLUSTERS = 30;
    private static final int AT_ONCE = 6;
    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch launching = new CountDownLatch(AT_ONCE);
    private final CountDownLatch stopping = new CountDownLatch(AT_ONCE);

    /** As after the start of a machine that all of them run on: each launch waits for answers that need a thread to ask. */
    @Test
    void launchesDoNotTakeTheThreadsThatTheyWaitForAndAllStopAtOnce() throws Exception {
        ExecutorService embedder = Executors.newFixedThreadPool(CLUSTERS);
        try (ManagedFlink flink = ManagedFlink.configure()
                .launching((time, secrets) -> asking(time, new SimulatedLauncher(time, 1, 1000)))) {
            List<Future<ManagedCluster>> launches = IntStream.range(0, CLUSTERS)
                    .mapToObj(number -> embedder.submit(() -> flink.launch(ClusterSpec.named("cluster-" + number)
                            .plan(Plans.TINY)
                            .build())))
                    .toList();
            for (Future<ManagedCluster> launch : launches) {
                assertThat(launch.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
            }
        } finally {
            embedder.shutdownNow();
        }
        assertThat(stopping.getCount()).isZero();
    }

    /** A launcher that asks on the pool whether what it launched is up, once several launches are under way. */
    private ClusterLauncher asking(TimeSource time, ClusterLauncher simulated) {
        return proxy(ClusterLauncher.class, simulated, (method, result) -> {
            if (!method.equals("launch")) {
                return result;
            }
            launching.countDown();
            assertThat(launching.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("launches at once")
                    .isTrue();
            CompletableFuture.runAsync(() -> {}, time.blocking()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return stoppingWithOthers((LaunchedCluster) result);
        });
    }

    private LaunchedCluster stoppingWithOthers(LaunchedCluster cluster) {
        return proxy(LaunchedCluster.class, cluster, (method, result) -> {
            if (method.equals("stop")) {
                stopping.countDown();
                assertThat(stopping.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                        .as("ends at once")
                        .isTrue();
            }
            return result;
        });
    }

    private static <T> T proxy(Class<T> type, T inside, After after) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return after.change(method.getName(), method.invoke(inside, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private interface After {
        Object change(String method, Object result) throws Exception;
    }
}
