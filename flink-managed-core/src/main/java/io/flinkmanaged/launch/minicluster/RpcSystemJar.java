package io.flinkmanaged.launch.minicluster;

import io.flinkmanaged.internal.TearDown;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.core.classloading.SubmoduleClassLoader;
import org.apache.flink.runtime.rpc.CleanupOnCloseRpcSystem;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.runtime.rpc.RpcSystemLoader;

/**
 * Flink's RPC system, which comes as a jar within a jar.
 *
 * <p>Flink's own loader does the same, but begins with a {@code Configuration} and so with the first logger of a JVM, for
 * which every thread waits a third of a second. Unpacking needs no logger, so here it is done in the meantime.
 */
final class RpcSystemJar {

    /** PekkoRpcSystemLoader.FLINK_RPC_PEKKO_FAT_JAR. */
    private static final String JAR = "flink-rpc-akka.jar";

    private static final String FLINKS_OWN = "org.apache.flink.runtime.rpc.pekko.PekkoRpcSystemLoader";
    /** Comes with Flink's test utilities, for whoever builds Flink itself; it stands behind the other. */
    private static final String FLINKS_FALLBACK = "org.apache.flink.runtime.rpc.pekko.FallbackPekkoRpcSystemLoader";

    private RpcSystemJar() {}

    /** Loads it; where somebody put another loader on the class path, as Flink would. */
    static RpcSystem load() {
        ClassLoader flink = RpcSystem.class.getClassLoader();
        try (InputStream jar = flink.getResourceAsStream(JAR)) {
            return jar == null || !isFlinksOwn() ? RpcSystem.load() : unpacked(jar, flink);
        } catch (IOException e) {
            throw new UncheckedIOException("Flink's RPC system cannot be unpacked into java.io.tmpdir", e);
        }
    }

    /** Asks for names only: an instance of the fallback has a logger. */
    private static boolean isFlinksOwn() {
        Set<String> loaders = ServiceLoader.load(RpcSystemLoader.class, RpcSystem.class.getClassLoader()).stream()
                .map(loader -> loader.type().getName())
                .collect(Collectors.toSet());
        return loaders.contains(FLINKS_OWN)
                && Set.of(FLINKS_OWN, FLINKS_FALLBACK).containsAll(loaders);
    }

    private static RpcSystem unpacked(InputStream jar, ClassLoader flink) throws IOException {
        TearDown made = new TearDown();
        try {
            Path file = Files.createTempFile("flink-rpc-akka", ".jar");
            made.add(() -> Files.deleteIfExists(file));
            long unused = Files.copy(jar, file, StandardCopyOption.REPLACE_EXISTING);
            SubmoduleClassLoader loader =
                    new SubmoduleClassLoader(new URL[] {file.toUri().toURL()}, flink);
            made.add(loader);
            RpcSystem system =
                    ServiceLoader.load(RpcSystem.class, loader).iterator().next();
            return new CleanupOnCloseRpcSystem(system, loader, file);
        } catch (Throwable e) {
            made.after(e);
            throw e;
        }
    }
}
