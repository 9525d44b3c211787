package io.flinkmanaged.storage;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.core.fs.Path;

/** Tells which of Flink's paths are below a storage's location, and how they are called there. */
final class PathsBelow {

    private final URI location;
    private final String prefix;

    PathsBelow(StateStorage storage) {
        this.location = new Path(storage.uriOf("any")).toUri();
        this.prefix = location.getPath().substring(0, location.getPath().length() - "any".length());
    }

    /** Returns a path relative to the location; empty if it is not below it. */
    Optional<String> relative(Path path) {
        URI uri = path.toUri();
        boolean below = Objects.equals(uri.getScheme(), location.getScheme())
                && Objects.equals(uri.getAuthority(), location.getAuthority())
                && uri.getPath().startsWith(prefix);
        return below ? Optional.of(uri.getPath().substring(prefix.length())) : Optional.empty();
    }
}
