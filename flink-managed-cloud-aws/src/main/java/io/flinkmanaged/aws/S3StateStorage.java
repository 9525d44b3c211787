package io.flinkmanaged.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.config.Setting;
import io.flinkmanaged.internal.TearDown;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.spec.StorageLocation;
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
import software.amazon.awssdk.core.sync.RequestBody;

/** State storage in a bucket of S3. */
final class S3StateStorage implements StateStorage {

    private final StorageLocation location;
    private final S3Settings s3;
    private final S3Objects objects;
    private final Runnable preflight;
    private final TearDown opened;
    private final AtomicBoolean closed = new AtomicBoolean();

    S3StateStorage(StorageLocation location, S3Settings s3, S3Objects objects, Runnable preflight, TearDown opened) {
        this.location = location;
        this.s3 = s3;
        this.objects = objects;
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
        return S3FlinkKeys.settings(s3);
    }

    @Override
    public List<Finding> verify() {
        preflight.run();
        return List.of();
    }

    @Override
    public String uriOf(String path) {
        return S3Storage.SCHEME + "://" + s3.bucket() + "/" + s3.keyOf(path);
    }

    @Override
    public Optional<String> read(String path) {
        return artifact(path).map(bytes -> new String(bytes, UTF_8));
    }

    @Override
    public boolean createIfAbsent(String path, String text) {
        return objects.createIfAbsent(s3.keyOf(path), RequestBody.fromString(text));
    }

    @Override
    public void write(String path, String text) {
        objects.write(s3.keyOf(path), text.getBytes(UTF_8));
    }

    @Override
    public void putArtifact(String path, Path content) {
        putArtifact(path, RequestBody.fromFile(content));
    }

    @Override
    public void putArtifact(String path, byte[] content) {
        putArtifact(path, RequestBody.fromBytes(content));
    }

    /** Asks first, so that what is there is not sent again. */
    private void putArtifact(String path, RequestBody content) {
        String key = s3.keyOf(path);
        if (!objects.exists(key)) {
            boolean unused = objects.createIfAbsent(key, content);
        }
    }

    @Override
    public Optional<byte[]> artifact(String path) {
        return objects.read(s3.keyOf(path));
    }

    @Override
    public List<String> children(String directory) {
        return objects.children(prefixOf(directory));
    }

    @Override
    public List<StoredFile> files(String directory) {
        int root = s3.keyOf("").length();
        List<StoredFile> files = new ArrayList<>();
        objects.list(prefixOf(directory), Optional.empty(), page -> page.contents().stream()
                // Other programs write empty objects that stand for directories.
                .filter(object -> !object.key().endsWith("/"))
                .forEach(object ->
                        files.add(new StoredFile(object.key().substring(root), object.size(), object.lastModified()))));
        files.sort(Comparator.comparing(StoredFile::path));
        return files;
    }

    @Override
    public void delete(Collection<String> paths) {
        objects.delete(paths.stream().map(s3::keyOf).toList());
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

    private String prefixOf(String directory) {
        return directory.isEmpty() ? s3.keyOf("") : s3.keyOf(directory) + "/";
    }
}
