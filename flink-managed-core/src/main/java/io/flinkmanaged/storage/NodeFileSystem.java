package io.flinkmanaged.storage;

import io.flinkmanaged.config.Setting;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * How nodes that are processes reach a storage: with a plug-in of Flink, and what that needs. In this JVM an adapter serves
 * its scheme by itself.
 *
 * @param plugin the name of its directory, where a node has its plug-ins
 * @param jars of the plug-in, on this machine; a directory of classes is packed
 * @param settings keys for every Flink process of a node, in the place of the same ones of {@link StateStorage#settings}; no
 *     secret is among them
 * @param environment variables of the processes; no secret is among them
 * @param files which only a node's owner may read, by their paths relative to the node's directory. A file's text may be a
 *     secret: it is asked for whenever a node is written, and not kept
 */
public record NodeFileSystem(
        String plugin,
        List<Path> jars,
        List<Setting> settings,
        SortedMap<String, String> environment,
        SortedMap<String, Supplier<String>> files) {

    /** Keeps copies. */
    public NodeFileSystem {
        jars = List.copyOf(jars);
        settings = List.copyOf(settings);
        environment = new TreeMap<>(environment);
        files = new TreeMap<>(files);
    }

    /** Returns the directories of the files, relative to the node's. */
    public SortedSet<String> directories() {
        return files.keySet().stream()
                .filter(path -> path.contains("/"))
                .map(path -> path.substring(0, path.lastIndexOf('/')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Returns the jar or the directory that a class was loaded from.
     *
     * @param type the class
     * @param artifact the name that the jar begins with
     * @throws StorageException if it is in a jar with other things, or in a jar within a jar
     */
    public static Path sourceOf(Class<?> type, String artifact) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        String location = source == null ? "no file" : String.valueOf(source.getLocation());
        if (location.startsWith("file:")) {
            Path path = Path.of(URI.create(location));
            if (Files.isDirectory(path) || String.valueOf(path.getFileName()).startsWith(artifact)) {
                return path;
            }
        }
        throw new StorageException(
                "plug-in of nodes: " + artifact + " is in " + location
                        + " (expected: a jar of its own, since other JVMs "
                        + "load it). Keep it beside the application instead of in its jar, or run clusters in process.",
                null);
    }
}
