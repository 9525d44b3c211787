package io.flinkmanaged.launch.process;

import io.flinkmanaged.launch.process.Host.ProcessStart;
import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.node.DependentProcess;
import io.flinkmanaged.node.PreparedProcess;
import io.flinkmanaged.render.RenderedFile;
import io.flinkmanaged.render.RenderedNode;
import io.flinkmanaged.render.RenderedProcess;
import io.flinkmanaged.storage.NodeFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.flink.configuration.MemorySize;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a rendered node's files in place and starts its processes. */
final class NodeStart {

    private static final Logger LOG = LoggerFactory.getLogger(NodeStart.class);

    /** It grows as soon as it is used. */
    private static final List<String> WAITS_WITH = List.of("-Xms32m");

    /** That of a file system, and of the kernel's start times. */
    private static final Duration AS_CLOCKS_DIFFER = Duration.ofSeconds(10);

    private static final String ARCHIVE = "-XX:SharedArchiveFile=";
    private static final String METASPACE = "-XX:MaxMetaspaceSize=";
    /** The classes of a rehearsal and then of a job with its storage took more than 96 MiB; of an archive, 38. */
    private static final MemorySize ROOM_FOR_REHEARSAL = MemorySize.ofMebiBytes(160);

    private final Secrets secrets;
    private final EpochHome home;
    private final Map<Host, Path> libs;
    private final Function<Host, Manner> manners;

    NodeStart(Secrets secrets, EpochHome home, Map<Host, Path> libs, Function<Host, Manner> manners) {
        this.secrets = secrets;
        this.home = home;
        this.libs = Map.copyOf(libs);
        this.manners = manners;
    }

    /** Secrets are resolved here, and stand in files that only the process's owner reads. */
    void put(RenderedNode node) throws IOException {
        List<RenderedFile> files = new ArrayList<>();
        for (RenderedProcess process : node.processes()) {
            for (RenderedFile file : process.files()) {
                files.add(file.resolved(secrets::resolveIn));
            }
        }
        files.add(home.firewall(node.placement()));
        List<String> directories = new ArrayList<>(node.directories());
        home.fileSystem().ifPresent(plugin -> {
            directories.addAll(plugin.directories());
            plugin.files().forEach((path, text) -> files.add(new RenderedFile(path, RenderedFile.PRIVATE, text.get())));
        });
        Path directory = node.placement().directory();
        Host host = home.hostOf(node.placement());
        host.put(directory, directories, files);
        host.putKeys(directory, home.security().keysOf(node.placement()));
        if (home.fileSystem().isPresent()) {
            NodeFileSystem plugin = home.fileSystem().get();
            host.putJars(directory.resolve("plugins").resolve(plugin.plugin()), plugin.jars());
        }
    }

    /**
     * Deletes the temporary files of those that had a seat and were killed: a copy of Flink's jar of 24 MB each, and whatever
     * a job had spilled. Who lives and has the same directory, as one that stands by, has made nothing before it was started.
     */
    void deleteLeftBehind(RenderedNode node, RenderedProcess process) {
        Host host = home.hostOf(node.placement());
        Path seat = node.placement().directory().resolve(process.kind().directory());
        try {
            Instant before = Instant.MAX;
            for (HostProcess living : host.find(seat)) {
                Instant started = living.startedAt().orElse(Instant.MIN.plus(AS_CLOCKS_DIFFER));
                before = started.isBefore(before) ? started : before;
            }
            host.deleteOlder(
                    node.placement().directory().resolve(process.kind().temporaryDirectory()),
                    before.minus(AS_CLOCKS_DIFFER));
        } catch (IOException e) {
            LOG.debug("Temporary files are left in {} until the epoch ends.", seat, e);
        }
    }

    HostProcess start(RenderedNode node, RenderedProcess process) throws IOException {
        return start(node, process, process.kind().directory(), List.of(), List.of(process.mainClass()));
    }

    /**
     * Starts one that does once what it is for before it begins: seconds later, and from then on it is quicker. If it has no
     * room for that, it begins at once.
     */
    HostProcess startRehearsed(RenderedNode node, RenderedProcess process) throws IOException {
        if (!canRehearse(node, process)) {
            return start(node, process);
        }
        return start(node, process, process.kind().directory(), List.of(), prepared(PreparedProcess.AT_ONCE, process));
    }

    /** Starts one that waits, in a directory of its own, until it is told to begin; with little memory until then. */
    HostProcess prepare(RenderedNode node, RenderedProcess process, String name) throws IOException {
        return start(node, process, name, WAITS_WITH, prepared(name, process));
    }

    /**
     * Returns whether a process has room for the classes of a rehearsal beside those of its jobs: it takes them from an archive,
     * or its metaspace is large. Without room, it would end out of memory when it takes over.
     */
    boolean canRehearse(RenderedNode node, RenderedProcess process) {
        Manner manner = manners.apply(home.hostOf(node.placement()));
        return canRehearse(manner.arguments().apply(process.kind()), process.jvmArguments());
    }

    static boolean canRehearse(List<String> archive, List<String> rendered) {
        return archive.stream().anyMatch(argument -> argument.startsWith(ARCHIVE))
                || rendered.stream()
                        .filter(argument -> argument.startsWith(METASPACE))
                        .map(argument -> MemorySize.parse(argument.substring(METASPACE.length())))
                        .allMatch(limit -> limit.compareTo(ROOM_FOR_REHEARSAL) >= 0);
    }

    private static List<String> prepared(String where, RenderedProcess process) {
        return List.of(PreparedProcess.class.getName(), where, process.mainClass());
    }

    private HostProcess start(
            RenderedNode node, RenderedProcess process, String name, List<String> jvmArguments, List<String> mainClass)
            throws IOException {
        Host host = home.hostOf(node.placement());
        Manner manner = manners.apply(host);
        List<String> command = new ArrayList<>(List.of(host.java().toString()));
        command.addAll(manner.arguments().apply(process.kind()));
        command.addAll(process.jvmArguments());
        command.addAll(jvmArguments);
        command.addAll(List.of("-cp", libs.get(host) + "/*"));
        if (home.endsWithThisJvm()) {
            command.add(DependentProcess.class.getName());
        }
        command.addAll(mainClass);
        command.addAll(process.arguments());
        SortedMap<String, String> environment = new TreeMap<>(process.environment());
        home.fileSystem().ifPresent(plugin -> environment.putAll(plugin.environment()));
        return host.start(new ProcessStart(
                node.placement().directory(),
                name,
                EpochHome.outputOf(process.kind(), name),
                command,
                environment,
                manner.inBackground(),
                home.endsWithThisJvm()));
    }

    /** Returns how long a process may take to end before it is killed. */
    Duration endsWithin() {
        return libs.keySet().stream()
                .map(manners)
                .map(Manner::endsWithin)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    static Seat seatOf(RenderedNode node, RenderedProcess process) {
        return new Seat(node.placement().node(), process.kind());
    }
}
