package io.flinkmanaged.launch.process;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.render.RenderedFile;
import io.flinkmanaged.security.KeyFile;
import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.MemorySize;

/** This machine; a test overrides what it wants otherwise. */
class ForwardingHost implements Host {

    private final LocalHost machine;

    ForwardingHost(Path home, TimeSource time) {
        this.machine = LocalHost.below(home, time);
    }

    @Override
    public String name() {
        return machine.name();
    }

    @Override
    public String address() {
        return machine.address();
    }

    @Override
    public Distance distance() {
        return machine.distance();
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

    @Override
    public HostProcess start(ProcessStart start) throws IOException {
        return machine.start(start);
    }

    @Override
    public List<HostProcess> find(Path directory) throws IOException {
        return machine.find(directory);
    }

    @Override
    public List<String> tail(Path file, int lines) {
        return machine.tail(file, lines);
    }

    @Override
    public void deleteOlder(Path directory, Instant before) throws IOException {
        machine.deleteOlder(directory, before);
    }

    @Override
    public boolean isFree(String at, int port) {
        return machine.isFree(at, port);
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

    @Override
    public void deleteAllBut(Path directory, Set<Path> kept) throws IOException {
        machine.deleteAllBut(directory, kept);
    }
}
