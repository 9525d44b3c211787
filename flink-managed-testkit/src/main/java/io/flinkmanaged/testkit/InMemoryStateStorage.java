package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.config.Setting;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** State storage in memory. */
final class InMemoryStateStorage implements StateStorage {

    private final StorageLocation location;
    private final String root;
    private final InMemoryFiles files;

    InMemoryStateStorage(StorageLocation location, InMemoryFiles files) {
        this.location = location;
        this.root = location.uri().getPath().substring(1);
        this.files = files;
    }

    @Override
    public StorageLocation location() {
        return location;
    }

    @Override
    public List<Setting> settings() {
        return List.of();
    }

    @Override
    public List<Finding> verify() {
        List<String> unused = children("");
        return List.of();
    }

    @Override
    public String uriOf(String path) {
        return location.uri() + "/" + path;
    }

    @Override
    public Optional<String> read(String path) {
        return artifact(path).map(bytes -> new String(bytes, UTF_8));
    }

    @Override
    public boolean createIfAbsent(String path, String text) {
        return attempt("create", path, () -> files.createIfAbsent(below(path), text.getBytes(UTF_8)));
    }

    @Override
    public void write(String path, String text) {
        String unused = attempt("write", path, () -> {
            files.write(below(path), text.getBytes(UTF_8));
            return path;
        });
    }

    @Override
    public void putArtifact(String path, Path content) {
        putArtifact(path, attempt("read", content.toString(), () -> Files.readAllBytes(content)));
    }

    @Override
    public void putArtifact(String path, byte[] content) {
        boolean unused = attempt("create", path, () -> files.createIfAbsent(below(path), content));
    }

    @Override
    public Optional<byte[]> artifact(String path) {
        return attempt("read", path, () -> files.find(below(path))
                .map(file -> file.content().clone()));
    }

    @Override
    public List<String> children(String directory) {
        return attempt("list", directory, () -> files.children(below(directory)));
    }

    @Override
    public List<StoredFile> files(String directory) {
        return attempt("list", directory, () -> files.below(below(directory)).entrySet().stream()
                .map(file -> new StoredFile(
                        file.getKey().substring(root.length() + 1),
                        file.getValue().content().length,
                        file.getValue().writtenAt()))
                .toList());
    }

    @Override
    public void delete(Collection<String> paths) {
        for (String path : paths) {
            boolean unused = attempt("delete", path, () -> files.delete(below(path)));
        }
    }

    @Override
    public void close() {}

    private String below(String path) {
        return path.isEmpty() ? root : root + "/" + path;
    }

    private <T> T attempt(String verb, String path, Attempt<T> attempt) {
        try {
            return attempt.run();
        } catch (IOException e) {
            throw new StorageException(
                    "storage " + location.uri() + ": cannot " + verb + " " + path
                            + " (expected: a storage within reach). End the outage: " + e.getMessage(),
                    e);
        }
    }

    @FunctionalInterface
    private interface Attempt<T> {
        T run() throws IOException;
    }
}
