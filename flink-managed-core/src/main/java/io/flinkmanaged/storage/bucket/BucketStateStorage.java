package io.flinkmanaged.storage.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.config.Setting;
import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.NodeFileSystem;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StoredFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** State storage in a bucket. */
public final class BucketStateStorage implements StateStorage {

    private final StorageLocation location;
    private final BucketAddress address;
    private final BucketObjects objects;
    private final List<Setting> settings;
    private final Supplier<NodeFileSystem> nodes;
    private final Supplier<List<Finding>> preflight;
    private final TearDown opened;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Creates a storage.
     *
     * @param location what it was opened for
     * @param address the location's
     * @param objects the bucket's
     * @param settings the keys of Flink's file system without credentials
     * @param nodes tells how nodes that are processes reach the bucket
     * @param preflight does what {@link StateStorage#verify} promises
     * @param opened everything that is closed with it
     */
    public BucketStateStorage(
            StorageLocation location,
            BucketAddress address,
            BucketObjects objects,
            List<Setting> settings,
            Supplier<NodeFileSystem> nodes,
            Supplier<List<Finding>> preflight,
            TearDown opened) {
        this.location = location;
        this.address = address;
        this.objects = objects;
        this.settings = List.copyOf(settings);
        this.nodes = nodes;
        this.preflight = preflight;
        this.opened = opened;
    }

    @Override
    public StorageLocation location() {
        return location;
    }

    /** Returns the keys of Flink's file system without credentials, which in this JVM go to the file system directly. */
    @Override
    public List<Setting> settings() {
        return settings;
    }

    @Override
    public Optional<NodeFileSystem> nodeFileSystem() {
        return Optional.of(nodes.get());
    }

    @Override
    public List<Finding> verify() {
        return preflight.get();
    }

    @Override
    public String uriOf(String path) {
        return address.uriOfKey(address.keyOf(path));
    }

    @Override
    public Optional<String> read(String path) {
        return artifact(path).map(bytes -> new String(bytes, UTF_8));
    }

    @Override
    public boolean createIfAbsent(String path, String text) {
        return objects.createIfAbsent(address.keyOf(path), text.getBytes(UTF_8));
    }

    @Override
    public void write(String path, String text) {
        objects.write(address.keyOf(path), text.getBytes(UTF_8));
    }

    /** Asks first, so that what is there is not sent again. */
    @Override
    public void putArtifact(String path, Path content) {
        String key = address.keyOf(path);
        if (!objects.exists(key)) {
            boolean unused = objects.createIfAbsent(key, content);
        }
    }

    /** Asks first, so that what is there is not sent again. */
    @Override
    public void putArtifact(String path, byte[] content) {
        String key = address.keyOf(path);
        if (!objects.exists(key)) {
            boolean unused = objects.createIfAbsent(key, content);
        }
    }

    @Override
    public Optional<byte[]> artifact(String path) {
        return objects.read(address.keyOf(path));
    }

    @Override
    public List<String> children(String directory) {
        return objects.children(address.prefixOf(directory));
    }

    @Override
    public List<StoredFile> files(String directory) {
        int root = address.keyOf("").length();
        List<StoredFile> files = new ArrayList<>();
        objects.list(address.prefixOf(directory), object -> {
            // Other programs write empty objects that stand for directories.
            if (!object.key().endsWith("/")) {
                files.add(new StoredFile(object.key().substring(root), object.bytes(), object.modified()));
            }
        });
        files.sort(Comparator.comparing(StoredFile::path));
        return files;
    }

    @Override
    public void delete(Collection<String> paths) {
        objects.delete(paths.stream().map(address::keyOf).toList());
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                opened.run();
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                throw new StorageException(
                        "storage " + location.uri() + ": not closed cleanly (expected: all connections given back). "
                                + "What is left ends with the process: " + e,
                        e);
            }
        }
    }
}
