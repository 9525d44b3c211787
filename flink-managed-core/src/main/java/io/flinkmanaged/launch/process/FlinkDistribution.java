package io.flinkmanaged.launch.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.internal.Digests;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.DurableFiles;
import io.flinkmanaged.model.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Flink that nodes run: an unpacked one, or the jars that the dependency on this library has brought. Nothing is
 * downloaded, and nothing else of the embedder's class path gets into a node.
 */
public final class FlinkDistribution {

    /** The one version of Flink that this library renders for: the build's, and not what an embedder's class path has. */
    static final String EXPECTED_VERSION = "2.3.0";

    private static final Logger LOG = LoggerFactory.getLogger(FlinkDistribution.class);

    private static final Pattern DIST = Pattern.compile("flink-dist-(.+)\\.jar");
    private static final List<String> LOGGING =
            List.of("slf4j-api.jar", "log4j-api.jar", "log4j-core.jar", "log4j-slf4j2-impl.jar");

    private final Supplier<List<Path>> jars;
    private final boolean bringsLogging;

    private FlinkDistribution(Supplier<List<Path>> jars, boolean bringsLogging) {
        this.jars = jars;
        this.bringsLogging = bringsLogging;
    }

    /**
     * Returns the Flink whose jars are on this JVM's class path, each a file of its own. Log4j for the nodes is brought by
     * this library and does not touch the embedder's logging. They are looked at when a cluster is launched: another version
     * than this library's is refused.
     */
    public static FlinkDistribution ofClassPath() {
        return new FlinkDistribution(FlinkJars::ofClassPath, false);
    }

    /**
     * Returns an unpacked Flink.
     *
     * @param home its directory, with {@code lib/flink-dist-….jar}
     * @throws InvalidInputException if there is none, or it is another version than this library's
     */
    public static FlinkDistribution at(Path home) {
        Path lib = home.toAbsolutePath().resolve("lib");
        List<Path> jars = jarsIn(lib);
        String version = jars.stream()
                .map(jar -> DIST.matcher(jar.getFileName().toString()))
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .findFirst()
                .orElse("no flink-dist-….jar in lib");
        if (!version.equals(EXPECTED_VERSION)) {
            throw InvalidInputException.of(
                    "Flink at " + home,
                    version,
                    EXPECTED_VERSION,
                    "Unpack Flink " + EXPECTED_VERSION + " there, or leave the choice to this library's own jars.");
        }
        return new FlinkDistribution(() -> jars, true);
    }

    private static List<Path> jarsIn(Path lib) {
        if (!Files.isDirectory(lib)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(lib)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw InvalidInputException.of("Flink at " + lib, e, "a directory that can be read", "Make it readable.")
                    .because(e);
        }
    }

    /**
     * Lays the jars out below a directory, as hard links where that is possible. The same content is laid out once,
     * however often, and by whichever process, this is called, and it outlasts a power failure. What is there already is
     * looked through, and a jar that is missing or holds anything else is put in its place.
     *
     * <p>Each call reads every jar once, 140 MB. To look through what is there costs no reading where both are links to one
     * file, and once more as much where they are copies: 0.1 s from memory.
     *
     * @param below the directory; made if absent
     * @return the directory with the jars: a process's class path is {@code <directory>/*}
     * @throws IOException if it cannot be written
     */
    public Path layOut(Path below) throws IOException {
        Files.createDirectories(below);
        Path aside = Files.createTempDirectory(below, ".new-");
        try {
            List<Path> laidOut = new ArrayList<>();
            for (Path jar : jars.get()) {
                laidOut.add(HardLinks.linkOrCopy(
                        jar, aside.resolve(jar.getFileName().toString())));
            }
            if (!bringsLogging) {
                for (String jar : LOGGING) {
                    laidOut.add(unpack(jar, aside.resolve(jar)));
                }
            }
            laidOut.add(NodeJar.write(aside.resolve(NodeJar.NAME)));
            Path target = below.resolve("flink-" + EXPECTED_VERSION + "-" + digest(laidOut));
            if (Files.isDirectory(target) || !isPublished(aside, target)) {
                mend(target, laidOut);
            }
            return target;
        } finally {
            Directories.deleteTree(aside);
        }
    }

    /** Forced before it has its name: a name without the content would be believed for ever. */
    private static boolean isPublished(Path aside, Path target) throws IOException {
        DurableFiles.forceTree(aside);
        try {
            Path unused = Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            // Another process was faster, with the same content.
            return false;
        }
        DurableFiles.force(target.resolveSibling("."));
        return true;
    }

    /** Jar by jar, and not as a whole: processes that run from there open one of them whenever they come to it. */
    private static void mend(Path target, List<Path> laidOut) throws IOException {
        boolean mended = false;
        for (Path jar : laidOut) {
            Path there = target.resolve(jar.getFileName());
            // Of two links to one file, nothing is read.
            if (!Files.isRegularFile(there) || Files.mismatch(jar, there) >= 0) {
                DurableFiles.force(jar);
                LOG.warn("{} was damaged, by a power failure perhaps: it is put in place anew.", there);
                Path unused =
                        Files.move(jar, there, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                mended = true;
            }
        }
        if (mended) {
            DurableFiles.force(target);
            // They are of jars of another date, so no JVM would take them any more.
            Directories.deleteTree(ClassArchives.allOf(target));
        }
    }

    private static Path unpack(String jar, Path target) throws IOException {
        try (InputStream content = FlinkDistribution.class.getResourceAsStream("lib/" + jar)) {
            if (content == null) {
                throw new IOException("flink-managed-core was repackaged without " + jar);
            }
            Files.copy(content, target);
            return target;
        }
    }

    /** By content, and not by where it came from. */
    private static String digest(List<Path> jars) throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path jar : jars) {
            all.append(jar.getFileName())
                    .append(' ')
                    .append(Digests.sha256(jar))
                    .append('\n');
        }
        return Digests.sha256(all.toString().getBytes(UTF_8)).substring(0, 16);
    }
}
