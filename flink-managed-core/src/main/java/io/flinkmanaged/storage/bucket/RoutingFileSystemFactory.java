package io.flinkmanaged.storage.bucket;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystemFactory;

/**
 * What Flink asks for file systems of a scheme in this JVM, before any factory of its own. It hands out {@link
 * RoutedFileSystem}s.
 */
public abstract class RoutingFileSystemFactory implements FileSystemFactory {

    /** Above those of Flink, which are 0 or less. */
    private static final int PRIORITY = 1;

    private final String scheme;
    private volatile Configuration configuration = new Configuration();

    /**
     * Creates a factory.
     *
     * @param scheme whose file systems it makes
     */
    protected RoutingFileSystemFactory(String scheme) {
        this.scheme = scheme;
    }

    @Override
    public final String getScheme() {
        return scheme;
    }

    @Override
    public final int getPriority() {
        return PRIORITY;
    }

    @Override
    public final void configure(Configuration flink) {
        configuration = flink;
    }

    /** Returns what {@code FileSystem.initialize} said last; empty before it did. */
    protected final Configuration configuration() {
        return configuration;
    }
}
