package io.flinkmanaged.launch.process;

import io.flinkmanaged.model.InvalidInputException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The jars of Flink and of what it needs, picked out of a class path by their names; nothing else of it. */
final class FlinkJars {

    /** Without these, no process starts. */
    private static final List<String> NEEDED = List.of(
            "async-profiler",
            "commons-cli",
            "commons-collections",
            "commons-compress",
            "commons-io",
            "commons-lang3",
            "commons-math3",
            "commons-text",
            "flink-annotations",
            "flink-clients",
            "flink-core",
            "flink-core-api",
            "flink-datastream",
            "flink-datastream-api",
            "flink-file-sink-common",
            "flink-hadoop-fs",
            "flink-metrics-core",
            "flink-queryable-state-client-java",
            "flink-rpc-akka-loader",
            "flink-rpc-core",
            "flink-runtime",
            "flink-shaded-asm-9",
            "flink-shaded-guava",
            "flink-shaded-jackson",
            "flink-shaded-netty",
            "flink-shaded-zookeeper-3",
            "flink-streaming-java",
            "javassist",
            "kryo",
            "lz4-java",
            "minlog",
            "objenesis",
            "reflectasm",
            "RoaringBitmap",
            "snakeyaml-engine",
            "snappy-java");

    /** Taken along where they are. */
    private static final List<String> WELCOME = List.of(
            "flink-connector-datagen", "flink-runtime-web", "flink-statebackend-rocksdb", "frocksdbjni", "jsr305");

    private FlinkJars() {}

    /**
     * Picks them out of the class path of this JVM.
     *
     * @throws InvalidInputException if they are not files of their own, one is missing, or one is of another version of Flink
     */
    static List<Path> ofClassPath() {
        return pick(jars(System.getProperty("java.class.path", "")));
    }

    static List<Path> pick(List<Path> classPath) {
        requireVersion(classPath);
        Map<String, Path> found = new LinkedHashMap<>();
        all().forEach(artifact -> find(artifact, classPath).findFirst().ifPresent(jar -> found.put(artifact, jar)));
        List<String> missing =
                NEEDED.stream().filter(artifact -> !found.containsKey(artifact)).toList();
        if (!missing.isEmpty()) {
            throw InvalidInputException.of(
                    "Flink's jars on the class path",
                    "without " + missing,
                    "a file of its own for each, such as flink-runtime-" + FlinkDistribution.EXPECTED_VERSION + ".jar",
                    "Jars within a jar (Spring Boot, shaded applications) cannot be handed to another JVM, and Flink is "
                            + "not the same with classes left out. Unpack Flink " + FlinkDistribution.EXPECTED_VERSION
                            + " on this machine and name it: FlinkDistribution.at(home).");
        }
        return List.copyOf(found.values());
    }

    /** Also one that another hides: which classes it would lend to which JVM is anybody's guess. */
    private static void requireVersion(List<Path> classPath) {
        List<String> others = all().filter(FlinkJars::isVersionedAsFlink)
                .flatMap(artifact -> find(artifact, classPath)
                        .map(jar -> jar.getFileName().toString())
                        .filter(name -> !name.equals(artifact + "-" + FlinkDistribution.EXPECTED_VERSION + ".jar")))
                .toList();
        if (!others.isEmpty()) {
            throw InvalidInputException.of(
                    "Flink's jars on the class path",
                    others,
                    "version " + FlinkDistribution.EXPECTED_VERSION + " of each, which this library renders for",
                    "Find with mvn dependency:tree who asks for another version, and hold Flink at "
                            + FlinkDistribution.EXPECTED_VERSION + " in dependencyManagement.");
        }
    }

    private static Stream<String> all() {
        return Stream.concat(NEEDED.stream(), WELCOME.stream());
    }

    private static boolean isVersionedAsFlink(String artifact) {
        return artifact.startsWith("flink-") && !artifact.startsWith("flink-shaded-");
    }

    private static Stream<Path> find(String artifact, List<Path> classPath) {
        Pattern name = Pattern.compile(Pattern.quote(artifact) + "-\\d[^/]*\\.jar");
        return classPath.stream()
                .filter(jar -> name.matcher(jar.getFileName().toString()).matches())
                .filter(jar -> !jar.getFileName().toString().endsWith("-tests.jar"));
    }

    /** Returns the jars of a class path, with those that a jar's manifest refers to: long class paths are given so. */
    static List<Path> jars(String classPath) {
        Set<Path> jars = new LinkedHashSet<>();
        for (String entry : classPath.split(Pattern.quote(File.pathSeparator), -1)) {
            Path path = Path.of(entry).toAbsolutePath();
            if (entry.endsWith(".jar") && Files.isRegularFile(path)) {
                jars.add(path);
                jars.addAll(referredToBy(path));
            }
        }
        return new ArrayList<>(jars);
    }

    private static List<Path> referredToBy(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String references =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return references == null
                    ? List.of()
                    : Stream.of(references.split(" ", -1))
                            .filter(reference -> reference.endsWith(".jar"))
                            .map(reference -> jar.toUri().resolve(reference))
                            .filter(uri -> "file".equals(uri.getScheme()))
                            .map((URI uri) -> Path.of(uri))
                            .filter(Files::isRegularFile)
                            .toList();
        } catch (IOException e) {
            // No jar: the JVM passes over it, too.
            return List.of();
        }
    }
}
