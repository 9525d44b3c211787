package io.flinkmanaged.storage.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.config.Setting;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.DurableFiles;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** State storage on a file system. */
final class FileStateStorage implements StateStorage {

    private final StorageLocation location;
    private final Path root;

    FileStateStorage(StorageLocation location) {
        this.location = location;
        this.root = Path.of(location.uri());
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
        Path unused = attempt("write, read and delete in", root, () -> {
            Directories.create(root);
            Path probe = Files.createTempFile(root, ".probe", "");
            byte[] content = "flink-managed".getBytes(UTF_8);
            DurableFiles.replace(probe, content);
            boolean same = new String(Files.readAllBytes(probe), UTF_8).equals("flink-managed");
            Files.delete(probe);
            if (!same || Files.exists(probe)) {
                throw new IOException("what was read or deleted is not what was written");
            }
            return probe;
        });
        return attempt("look at", root, () -> FileStorageAdvice.on(root));
    }

    @Override
    public String uriOf(String path) {
        // Flink's paths look like URIs but escape nothing: the location's own escapes would be taken literally.
        return location.scheme() + "://" + root + "/" + path;
    }

    @Override
    public Optional<String> read(String path) {
        return artifact(path).map(bytes -> new String(bytes, UTF_8));
    }

    @Override
    public boolean createIfAbsent(String path, String text) {
        return create(path, text.getBytes(UTF_8));
    }

    @Override
    public void write(String path, String text) {
        Path file = root.resolve(path);
        attempt("write", file, () -> {
            Directories.create(parentOf(file));
            DurableFiles.replace(file, text.getBytes(UTF_8));
            return file;
        });
    }

    @Override
    public void putArtifact(String path, Path content) {
        if (!Files.exists(root.resolve(path))) {
            byte[] bytes = attempt("read", content, () -> Files.readAllBytes(content));
            create(path, bytes);
        }
    }

    @Override
    public void putArtifact(String path, byte[] content) {
        if (!Files.exists(root.resolve(path))) {
            create(path, content);
        }
    }

    @Override
    public Optional<byte[]> artifact(String path) {
        Path file = root.resolve(path);
        return attempt("read", file, () -> {
            try {
                return Optional.of(Files.readAllBytes(file));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            } catch (FileSystemException e) {
                // Below a file is nothing.
                if (Files.isRegularFile(parentOf(file))) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    @Override
    public List<String> children(String directory) {
        Path parent = root.resolve(directory);
        return attempt("list", parent, () -> {
            try (Stream<Path> children = Files.list(parent)) {
                return children.map(child -> child.getFileName().toString())
                        .filter(name -> !name.startsWith("."))
                        .sorted()
                        .toList();
            } catch (NoSuchFileException | NotDirectoryException e) {
                return List.of();
            }
        });
    }

    @Override
    public List<StoredFile> files(String directory) {
        Path top = root.resolve(directory);
        return attempt("list", top, () -> {
            List<StoredFile> files = new ArrayList<>();
            Directories.visitFiles(top, (file, attributes) -> {
                if (!file.getFileName().toString().startsWith(".")) {
                    files.add(new StoredFile(
                            root.relativize(file).toString(),
                            attributes.size(),
                            attributes.lastModifiedTime().toInstant()));
                }
            });
            files.sort(Comparator.comparing(StoredFile::path));
            return files;
        });
    }

    @Override
    public void delete(Collection<String> paths) {
        for (String path : paths) {
            Path file = root.resolve(path);
            Path unused = attempt("delete", file, () -> {
                Files.deleteIfExists(file);
                deleteEmptyParents(file);
                return file;
            });
        }
    }

    @Override
    public void close() {}

    /** Directories are no files of an object store, so they should not outlive the last of theirs here either. */
    private void deleteEmptyParents(Path file) throws IOException {
        for (Path parent = parentOf(file); !parent.equals(root); parent = parentOf(parent)) {
            try {
                Files.deleteIfExists(parent);
            } catch (DirectoryNotEmptyException e) {
                return;
            }
        }
    }

    private boolean create(String path, byte[] content) {
        Path file = root.resolve(path);
        return attempt("create", file, () -> {
            Directories.create(parentOf(file));
            return DurableFiles.createIfAbsent(file, content);
        });
    }

    private static Path parentOf(Path file) {
        return Objects.requireNonNull(file.getParent(), "a record is always below the location");
    }

    private <T> T attempt(String verb, Path path, Attempt<T> attempt) {
        try {
            return attempt.run();
        } catch (IOException | UncheckedIOException e) {
            throw new StorageException(
                    "storage " + location.uri() + ": cannot " + verb + " " + path + " (expected: a directory that this "
                            + "process may use). Check that it exists, its permissions and its free space: " + e,
                    e);
        }
    }

    @FunctionalInterface
    private interface Attempt<T> {
        T run() throws IOException;
    }
}
