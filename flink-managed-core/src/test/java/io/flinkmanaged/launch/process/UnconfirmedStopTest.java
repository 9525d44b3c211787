package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.launch.ClusterObservation.Liveness;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.launch.StopConfirmation;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("slow")
class UnconfirmedStopTest {

    @RegisterExtension
    private final LaunchPlace place = new LaunchPlace();

    private volatile boolean outOfReach;

    @Test
    void anEpochThatCouldNotBeEndedIsStillSeenAndCanBeEndedLater() {
        ProcessLauncher launcher = place.launcher(hostOutOfReachAtTimes(LocalHost.below(place.home(), place.time())));
        LaunchedCluster cluster = launcher.launch(place.order(), () -> {});

        outOfReach = true;
        assertThat(cluster.stop().confirmed()).isFalse();
        assertThat(cluster.observe().liveness()).isEqualTo(Liveness.ANSWERS);

        outOfReach = false;
        assertThat(cluster.stop()).isEqualTo(StopConfirmation.CONFIRMED);
        assertThat(cluster.observe().liveness()).isEqualTo(Liveness.DEAD);
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
