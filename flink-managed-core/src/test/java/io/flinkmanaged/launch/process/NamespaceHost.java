package io.flinkmanaged.launch.process;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.RenderedFile;
import io.flinkmanaged.security.KeyFile;
import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.MemorySize;

/** A host with a network of its own, which is a namespace of this machine; its disk and its pids are the machine's. */
public class NamespaceHost implements Host {

    private final LocalHost machine;
    private final String namespace;
    private final String address;

    public NamespaceHost(Path home, TimeSource time, String namespace, String address) {
        this.machine = LocalHost.below(home, time);
        this.namespace = namespace;
        this.address = address;
    }

    @Override
    public String name() {
        return namespace;
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public Distance distance() {
        return Distance.REMOTE;
    }

    @Override
    public List<Finding> judge(ClusterSpec spec, int nodes) {
        return machine.judge(spec, nodes);
    }

    @Override
    public Path install(FlinkDistribution distribution) throws IOException {
        return machine.install(distribution);
    }

    @Override
    public Path java() {
        return machine.java();
    }

    @Override
    public String javaVersion() {
        return machine.javaVersion();
    }

    @Override
    public boolean hasFree(MemorySize memory) {
        return machine.hasFree(memory);
    }

    @Override
    public boolean has(Path file) {
        return machine.has(file);
    }

    @Override
    public void put(Path directory, List<String> directories, List<RenderedFile> files) throws IOException {
        machine.put(directory, directories, files);
    }

    @Override
    public void putJars(Path directory, List<Path> jars) throws IOException {
        machine.putJars(directory, jars);
    }

    @Override
    public void putKeys(Path directory, List<KeyFile> files) throws IOException {
        machine.putKeys(directory, files);
    }

    /** The program that enters the namespace becomes the process itself. */
    @Override
    public HostProcess start(ProcessStart start) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(start.command());
        return machine.start(new ProcessStart(
                start.directory(),
                start.name(),
                start.output(),
                command,
                start.environment(),
                start.inBackground(),
                start.endsWithThisJvm()));
    }

    @Override
    public List<HostProcess> find(Path directory) throws IOException {
        return machine.find(directory);
    }

    @Override
    public List<String> tail(Path file, int lines) {
        return machine.tail(file, lines);
    }

    /** Nothing but the nodes listens in the namespace. */
    @Override
    public boolean isFree(String at, int port) {
        return true;
    }

    @Override
    public InetSocketAddress reach(String at, int port) {
        return machine.reach(at, port);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        machine.move(from, to);
    }

    @Override
    public void delete(Path directory) throws IOException {
        machine.delete(directory);
    }
}
