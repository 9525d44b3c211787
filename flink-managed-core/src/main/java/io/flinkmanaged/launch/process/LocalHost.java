package io.flinkmanaged.launch.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.DurableFiles;
import io.flinkmanaged.internal.YamlText;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.ProcessRenderer;
import io.flinkmanaged.render.RenderedFile;
import io.flinkmanaged.security.KeyFile;
import io.flinkmanaged.spec.ClusterSpec;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.configuration.MemorySize;

/**
 * This machine; Linux only, because a lost process is found by its environment in {@code /proc}.
 *
 * <p>Each process carries, in its environment, what it was started as. So it is known even if this JVM dies between the
 * start and the note of its pid.
 */
final class LocalHost implements Host {

    private static final String MARK = "FLINK_MANAGED_PROCESS";
    private static final String ADDRESS = "127.0.0.1";
    private static final Path PROC = Path.of("/proc");
    private static final Path CONTROL_GROUPS = Path.of("/sys/fs/cgroup");
    private static final ProcessBuilder.Redirect NO_INPUT = ProcessBuilder.Redirect.from(new File("/dev/null"));

    private final Path home;
    private final Path proc;
    private final TimeSource time;

    /**
     * Returns this machine as the host of nodes below a directory.
     *
     * @param home the directory; distributions are laid out there, too
     * @param time dates the ends of processes that other JVMs started
     */
    static LocalHost below(Path home, TimeSource time) {
        return new LocalHost(home, PROC, time);
    }

    LocalHost(Path home, Path proc, TimeSource time) {
        this.home = home;
        this.proc = proc;
        this.time = time;
    }

    @Override
    public String name() {
        return MachineId.of(home, time);
    }

    @Override
    public String address() {
        return ADDRESS;
    }

    @Override
    public Distance distance() {
        return Distance.LOCAL;
    }

    @Override
    public List<Finding> judge(ClusterSpec spec, int nodes) {
        return LinuxMachine.of(proc, CONTROL_GROUPS).judge(spec, nodes, java());
    }

    @Override
    public boolean hasFree(MemorySize memory) {
        return LinuxMachine.of(proc, CONTROL_GROUPS).hasFree(memory);
    }

    @Override
    public Path install(FlinkDistribution distribution) throws IOException {
        return distribution.layOut(home.resolve("distributions"));
    }

    @Override
    public Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    @Override
    public String javaVersion() {
        return System.getProperty("java.vm.version");
    }

    @Override
    public boolean has(Path file) {
        return Files.isRegularFile(file);
    }

    @Override
    public void put(Path directory, List<String> directories, List<RenderedFile> files) throws IOException {
        LocalFiles.put(directory, directories, files);
    }

    @Override
    public void putJars(Path directory, List<Path> jars) throws IOException {
        LocalFiles.putJars(directory, jars);
    }

    @Override
    public void putKeys(Path directory, List<KeyFile> files) throws IOException {
        LocalFiles.putKeys(directory, files);
    }

    @Override
    public HostProcess start(ProcessStart start) throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        if (start.inBackground()) {
            command.addAll(List.of("nice", "-n", "19"));
        }
        command.addAll(start.command());
        Path output = start.directory().resolve(start.output());
        LocalFiles.turnOver(output);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(start.directory().toFile())
                .redirectInput(start.endsWithThisJvm() ? ProcessBuilder.Redirect.PIPE : NO_INPUT)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        // What this JVM was told by its own environment is not meant for another: options, secrets, agents.
        builder.environment().keySet().removeIf(name -> !isHarmless(name));
        builder.environment().putAll(start.environment());
        String startedAs = start.directory().resolve(start.name()).toString();
        builder.environment().put(MARK, startedAs);
        LocalProcess process = LocalProcess.child(startedAs, builder.start());
        try {
            writeDown(process, start.directory().resolve(start.name()));
            return process;
        } catch (IOException e) {
            // Whoever is told that nothing was started starts another one.
            List<HostProcess> unused = Ending.end(List.of(process), Duration.ZERO);
            throw e;
        }
    }

    /** For people. */
    private static void writeDown(LocalProcess process, Path directory) throws IOException {
        DurableFiles.replace(
                directory.resolve("process.yaml"),
                YamlText.write(process.identity().toFields()).getBytes(UTF_8));
    }

    private static boolean isHarmless(String variable) {
        return List.of("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ")
                .contains(variable);
    }

    @Override
    public List<HostProcess> find(Path directory) throws IOException {
        List<HostProcess> found = new ArrayList<>();
        try (Stream<Path> processes = Files.list(proc)) {
            for (Path process : processes.toList()) {
                String pid = process.getFileName().toString();
                if (pid.chars().allMatch(Character::isDigit)) {
                    startedAs(process)
                            .filter(mark -> Path.of(mark).startsWith(directory))
                            .filter(mark -> leadsItsSession(process, pid))
                            .flatMap(mark -> ProcessHandle.of(Long.parseLong(pid))
                                    .map(handle -> LocalProcess.adopted(mark, !runsANodesPart(process), handle, time)))
                            .ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private static Optional<String> startedAs(Path process) {
        try {
            String all = new String(Files.readAllBytes(process.resolve("environ")), UTF_8);
            return Stream.of(all.split("\0", -1))
                    .filter(variable -> variable.startsWith(MARK + "="))
                    .map(variable -> variable.substring(MARK.length() + 1))
                    .findFirst();
        } catch (IOException e) {
            // Another user's, or it has ended this moment.
            return Optional.empty();
        }
    }

    /** What a job starts inherits the mark, and the session unless it begins one of its own, but runs something else. */
    private static boolean runsANodesPart(Path process) {
        try {
            String command = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            return Stream.of(command.split("\0", -1)).anyMatch(ProcessRenderer.MAIN_CLASSES::contains);
        } catch (IOException e) {
            // It has ended this moment.
            return false;
        }
    }

    /** What a job starts inherits the mark, but not the session, as a rule. */
    private static boolean leadsItsSession(Path process, String pid) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] afterName =
                    stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
            return afterName.length > 3 && afterName[3].equals(pid);
        } catch (IOException e) {
            // It has ended this moment.
            return false;
        }
    }

    @Override
    public List<String> tail(Path file, int lines) {
        return LocalFiles.tail(file, lines);
    }

    @Override
    public void deleteOlder(Path directory, Instant before) throws IOException {
        LocalFiles.deleteOlder(directory, before);
    }

    @Override
    public boolean isFree(String address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public InetSocketAddress reach(String address, int port) {
        return InetSocketAddress.createUnresolved(address, port);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        if (Files.isDirectory(from)) {
            Directories.deleteTree(to);
            Files.createDirectories(to.resolveSibling("."));
            Path unused = Files.move(from, to);
        }
    }

    @Override
    public void delete(Path directory) throws IOException {
        Directories.deleteTree(directory);
    }

    @Override
    public void deleteAllBut(Path directory, Set<Path> kept) throws IOException {
        Directories.deleteAllBut(directory, kept);
    }
}
