package io.flinkmanaged.launch.process;

import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.render.ProcessPlacement;
import io.flinkmanaged.security.AccessGrant;
import io.flinkmanaged.security.KeyFile;
import io.flinkmanaged.security.Rotation;
import io.flinkmanaged.security.Validity;
import io.flinkmanaged.security.ZooKeeperClientIdentity;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.flink.configuration.Configuration;

/** How an epoch's processes, this library and others prove to each other who they are. */
interface EpochSecurity {

    /** Nobody proves anything. */
    EpochSecurity NONE = new EpochSecurity() {};

    /** Returns what a placement becomes, so that everything that follows from it is rendered. */
    default ProcessPlacement secured(ProcessPlacement placement) {
        return placement;
    }

    /** Returns new keys of a node; all that were issued hold side by side. */
    default List<KeyFile> keysOf(NodePlacement node) {
        return List.of();
    }

    /** Returns how long the keys of a process hold that read them then; empty if it has none. */
    default Optional<Validity> validityOf(Instant read) {
        return Optional.empty();
    }

    default String restScheme() {
        return "http";
    }

    /** Returns what Flink's REST client is told. */
    default Configuration restClient(URI rest) {
        return new Configuration();
    }

    /** Returns what other REST clients of this library show; empty if nobody asks. */
    default Optional<SSLContext> restContext() {
        return Optional.empty();
    }

    /** Gives somebody access to REST; empty if nobody asks who he is. */
    default Optional<AccessGrant> grant(String name, Duration lifetime, URI rest) {
        return Optional.empty();
    }

    /** Returns how far the replacement of the authorities has come; empty if there are none. */
    default Optional<Rotation> rotation() {
        return Optional.empty();
    }

    /** Takes the next step of it, and issues this library certificates in the new state. */
    default Rotation advanceRotation() {
        throw new IllegalStateException("There are no authorities.");
    }

    /** Returns whether this library should be issued new certificates. Asks nobody and never blocks. */
    default boolean isLibraryDue(Instant now) {
        return false;
    }

    /** Issues this library new certificates; what it has connected by its former ones stays. May block. */
    default void renewLibrary() {}

    /** Returns who this library is where it asks ZooKeeper; empty if nobody asks. */
    default Optional<ZooKeeperClientIdentity> zooKeeperClient() {
        return Optional.empty();
    }
}
