package io.flinkmanaged.node;

import java.util.ServiceLoader;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.runtime.rpc.RpcSystemLoader;
import org.jspecify.annotations.Nullable;

/**
 * Gives a prepared process the RPC system of its rehearsal. Flink loads a new one, with a class loader of its own, each time it
 * is asked: thousands of classes that nothing would know any more.
 *
 * <p>Flink takes this for the first of all loaders, and the next one where it refuses, so a process without a rehearsal has
 * Flink's own.
 */
public final class KeptRpcSystem implements RpcSystemLoader {

    private static final int BEFORE_FLINKS = -1;

    private static volatile @Nullable RpcSystem kept;

    /** Called by Java's service loader. */
    public KeptRpcSystem() {}

    /** Loads Flink's own, and keeps it. */
    static RpcSystem load(Configuration configuration) {
        for (RpcSystemLoader loader : ServiceLoader.load(RpcSystemLoader.class)) {
            if (!(loader instanceof KeptRpcSystem)) {
                RpcSystem loaded = loader.loadRpcSystem(configuration);
                kept = loaded;
                return loaded;
            }
        }
        throw new IllegalStateException("Flink has no RPC system on the class path.");
    }

    @Override
    public int getLoadPriority() {
        return BEFORE_FLINKS;
    }

    @Override
    public RpcSystem loadRpcSystem(Configuration configuration) {
        RpcSystem known = kept;
        if (known == null) {
            throw new IllegalStateException("There was no rehearsal.");
        }
        return known;
    }
}
