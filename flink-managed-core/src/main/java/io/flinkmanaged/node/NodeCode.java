package io.flinkmanaged.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What of this package is handed to nodes. */
public final class NodeCode {

    private static final List<Class<?>> CLASSES = List.of(
            DependentProcess.class,
            MainClass.class,
            PreparedProcess.class,
            Rehearsal.class,
            RehearsedJob.class,
            KeptRpcSystem.class,
            LoopbackRpcSystem.class);

    private NodeCode() {}

    /** Returns the classes, nested ones included. */
    public static List<Class<?>> classes() {
        List<Class<?>> all = new ArrayList<>(CLASSES);
        CLASSES.forEach(type -> all.addAll(List.of(type.getDeclaredClasses())));
        return List.copyOf(all);
    }

    /** Returns which services they provide, by the name of the service. In the embedder's JVM nobody does. */
    public static Map<String, String> services() {
        return Map.of("org.apache.flink.runtime.rpc.RpcSystemLoader", KeptRpcSystem.class.getName());
    }
}
