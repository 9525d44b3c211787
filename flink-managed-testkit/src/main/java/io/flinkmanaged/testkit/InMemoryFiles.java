package io.flinkmanaged.testkit;

import io.flinkmanaged.model.TimeSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The files of one {@link InMemoryStorage} by their paths, which do not begin with a slash. Thread-safe. */
final class InMemoryFiles {

    /** Flink finds a file system by a URI alone, for the whole JVM. */
    private static final Map<String, InMemoryFiles> OPEN = new ConcurrentHashMap<>();

    private final TimeSource time;
    private final NavigableMap<String, StoredBytes> byPath = new TreeMap<>();
    private boolean reachable = true;

    InMemoryFiles(TimeSource time) {
        this.time = time;
    }

    static void open(String name, InMemoryFiles files) {
        OPEN.put(name, files);
    }

    /** Flink keeps a file system for as long as the JVM lives, so its content is forgotten by itself. */
    static void forget(String name) {
        InMemoryFiles files = OPEN.remove(name);
        if (files != null) {
            files.clear();
        }
    }

    private synchronized void clear() {
        byPath.clear();
    }

    static Optional<InMemoryFiles> find(URI uri) {
        return Optional.ofNullable(uri.getAuthority()).map(OPEN::get);
    }

    synchronized void setReachable(boolean now) {
        reachable = now;
    }

    synchronized List<String> paths() {
        return List.copyOf(byPath.keySet());
    }

    synchronized Optional<StoredBytes> find(String path) throws IOException {
        requireReachable();
        return Optional.ofNullable(byPath.get(path));
    }

    synchronized void write(String path, byte[] content) throws IOException {
        requireReachable();
        byPath.put(path, new StoredBytes(content, time.now()));
    }

    /** Returns whether this call created it. */
    synchronized boolean createIfAbsent(String path, byte[] content) throws IOException {
        requireReachable();
        return byPath.putIfAbsent(path, new StoredBytes(content, time.now())) == null;
    }

    /** Returns all files below a directory, by their paths; the directory is empty for all of them. */
    synchronized SortedMap<String, StoredBytes> below(String directory) throws IOException {
        requireReachable();
        return new TreeMap<>(viewBelow(directory));
    }

    /** Returns the names of what is directly below a directory. */
    List<String> children(String directory) throws IOException {
        int start = prefixOf(directory).length();
        TreeSet<String> names = new TreeSet<>();
        below(directory)
                .keySet()
                .forEach(path -> names.add(path.substring(start).split("/", 2)[0]));
        return new ArrayList<>(names);
    }

    /** Deletes a file, or everything below a directory; returns whether there was something. */
    synchronized boolean delete(String path) throws IOException {
        requireReachable();
        boolean file = byPath.remove(path) != null;
        SortedMap<String, StoredBytes> below = viewBelow(path);
        boolean directory = !below.isEmpty();
        below.clear();
        return file || directory;
    }

    /** Moves a file, or everything below a directory, at once. */
    synchronized void move(String from, String to) throws IOException {
        requireReachable();
        Map<String, StoredBytes> moved = new TreeMap<>();
        Optional.ofNullable(byPath.get(from)).ifPresent(file -> moved.put(to, file));
        viewBelow(from).forEach((path, file) -> moved.put(to + path.substring(from.length()), file));
        if (moved.isEmpty()) {
            throw new FileNotFoundException(from);
        }
        boolean unused = delete(from);
        byPath.putAll(moved);
    }

    private SortedMap<String, StoredBytes> viewBelow(String directory) {
        String prefix = prefixOf(directory);
        return prefix.isEmpty() ? byPath : byPath.subMap(prefix, directory + (char) ('/' + 1));
    }

    private static String prefixOf(String directory) {
        return directory.isEmpty() ? "" : directory + "/";
    }

    private void requireReachable() throws IOException {
        if (!reachable) {
            throw new IOException("The in-memory storage is out of reach, because a test wants it.");
        }
    }

    /** A file's content, which nobody changes, and when it was written. */
    static final class StoredBytes {

        private final byte[] content;
        private final Instant writtenAt;

        private StoredBytes(byte[] content, Instant writtenAt) {
            this.content = content.clone();
            this.writtenAt = writtenAt;
        }

        /** Returns the content itself, not a copy. */
        byte[] content() {
            return content;
        }

        Instant writtenAt() {
            return writtenAt;
        }
    }
}
