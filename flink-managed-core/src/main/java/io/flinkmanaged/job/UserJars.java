package io.flinkmanaged.job;

import io.flinkmanaged.internal.ClassDirectory;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The places that a job's classes come from, as jars: a jar is itself, a directory of classes is packed.
 *
 * <p>Packing gives the same bytes for the same classes. A directory is packed again only when one of its files has
 * changed. Thread-safe.
 */
public final class UserJars implements AutoCloseable {

    private final Path parent;
    private final Map<Path, Packed> packed = new HashMap<>();
    private @Nullable Path directory;

    /**
     * Creates a packer.
     *
     * @param parent where it makes itself a directory for packed jars, when it packs the first
     */
    public UserJars(Path parent) {
        this.parent = parent;
    }

    /**
     * Returns jars with the classes of some places.
     *
     * @param sources jars and directories
     * @return local jars, in the order of the places' names
     */
    public synchronized List<Path> of(Collection<Path> sources) {
        return sources.stream()
                .sorted()
                .map(source -> Files.isDirectory(source) ? pack(source) : source)
                .toList();
    }

    /** Deletes the packed jars; another call of {@link #of} would pack again. */
    @Override
    public synchronized void close() throws IOException {
        packed.clear();
        Path own = directory;
        directory = null;
        if (own != null) {
            Directories.deleteTree(own);
        }
    }

    private Path pack(Path source) {
        try {
            List<Path> files = ClassDirectory.filesOf(source);
            long fingerprint = fingerprintOf(files);
            Packed former = packed.get(source);
            if (former != null && former.fingerprint() == fingerprint) {
                return former.jar();
            }
            Path jar = directory().resolve("classes-" + (packed.size() + 1) + "-" + fingerprint + ".jar");
            ClassDirectory.pack(source, jar);
            packed.put(source, new Packed(fingerprint, jar));
            return jar;
        } catch (IOException | UncheckedIOException e) {
            throw new StorageException(
                    "class directory " + source + ": cannot be packed (expected: readable files). Check it: " + e, e);
        }
    }

    /** Another process may use the same parent. */
    private Path directory() throws IOException {
        Path own = directory;
        if (own == null) {
            own = Files.createTempDirectory(Directories.create(parent), "packed-classes-");
            directory = own;
        }
        return own;
    }

    private static long fingerprintOf(List<Path> files) throws IOException {
        List<Object> facts = new ArrayList<>();
        for (Path file : files) {
            facts.add(file);
            facts.add(Files.size(file));
            facts.add(Files.getLastModifiedTime(file));
        }
        return facts.hashCode() & 0xffff_ffffL;
    }

    private record Packed(long fingerprint, Path jar) {}
}
