package io.flinkmanaged.launch.minicluster;

import org.apache.flink.runtime.rpc.RpcSystem;
import org.jspecify.annotations.Nullable;

/**
 * The one RPC system of this JVM, shared by every in-process cluster and counted.
 *
 * <p>Flink unpacks 24 MB and opens a class loader for each; that alone is most of what a further cluster costs. It
 * holds no state of a cluster: each cluster starts an actor system of its own in it.
 */
final class SharedRpcSystem implements AutoCloseable {

    private static final Object LOCK = new Object();
    private static @Nullable RpcSystem shared;
    private static int holders;

    private final RpcSystem system;
    private boolean closed;

    private SharedRpcSystem(RpcSystem system) {
        this.system = system;
    }

    /** Takes a share; the first holder loads the system, which takes about half a second. */
    static SharedRpcSystem acquire() {
        synchronized (LOCK) {
            RpcSystem system = shared;
            if (system == null) {
                system = RpcSystemJar.load();
                shared = system;
            }
            holders++;
            return new SharedRpcSystem(system);
        }
    }

    RpcSystem system() {
        return system;
    }

    /** Gives the share back; the last holder unloads the system. Any number of times. */
    @Override
    public void close() {
        synchronized (LOCK) {
            if (closed) {
                return;
            }
            closed = true;
            holders--;
            if (holders == 0) {
                shared = null;
                system.close();
            }
        }
    }
}
