package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.LaunchOrder;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.model.SystemTimeSource;
import io.flinkmanaged.render.AllowedSources;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class UnconfirmedStopTest {

    @TempDir
    private Path temporary;

    private final SystemTimeSource time = new SystemTimeSource();
    private volatile boolean outOfReach;

    @AfterEach
    void killWhatIsLeft() throws Exception {
        List<HostProcess> unused = Ending.end(LocalHost.below(temporary, time).find(temporary), Duration.ZERO);
        time.close();
    }

    @Test
    void anEpochThatCouldNotBeEndedIsStillSeenAndCanBeEndedLater() {
        Path home = temporary.resolve("home");
        ProcessLauncher launcher = new ProcessLauncher(
                home,
                List.of(hostOutOfReachAtTimes(LocalHost.below(home, time))),
                new NodeOptions(FlinkDistribution.ofClassPath(), Traffic.TLS, true, false, false, AllowedSources.NONE),
                time,
                Secrets.of(List.of()));
        LaunchedCluster cluster = launcher.launch(order(), () -> {});

        outOfReach = true;
        assertThat(cluster.stop().confirmed()).isFalse();
        assertThat(cluster.observe().liveness()).isEqualTo(Liveness.ANSWERS);

        outOfReach = false;
        assertThat(cluster.stop()).isEqualTo(StopConfirmation.CONFIRMED);
        assertThat(cluster.observe().liveness()).isEqualTo(Liveness.DEAD);
    }

    private LaunchOrder order() {
        return new LaunchOrder(
                ClusterSpec.named("flights").plan(Plans.TINY).build(),
                new Epoch(1),
                temporary.resolve("unused"),
                temporary.resolve("ha").toUri().toString(),
                List.of(),
                Optional::empty);
    }

    /** Out of reach, it finds no process and ends none. */
    private Host hostOutOfReachAtTimes(Host host) {
        return standIn(Host.class, (method, arguments) -> {
            if (outOfReach && method.getName().equals("find")) {
                throw new IOException("the host does not answer");
            }
            Object answer = call(method, host, arguments);
            return answer instanceof HostProcess process ? processOutOfReachAtTimes(process) : answer;
        });
    }

    private HostProcess processOutOfReachAtTimes(HostProcess process) {
        return standIn(
                HostProcess.class,
                (method, arguments) ->
                        outOfReach && method.getName().equals("end") ? null : call(method, process, arguments));
    }

    private static <T> T standIn(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) ->
                        method.getName().equals("equals") ? proxy == arguments[0] : answer.to(method, arguments)));
    }

    private static @Nullable Object call(Method method, Object on, Object[] arguments) throws Throwable {
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    @FunctionalInterface
    private interface Answer {

        @Nullable
        Object to(Method method, Object[] arguments) throws Throwable;
    }
}
