package io.flinkmanaged.launch.process;

import io.flinkmanaged.launch.process.Host.ProcessStart;
import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.render.RenderedFile;
import io.flinkmanaged.render.RenderedNode;
import io.flinkmanaged.render.RenderedProcess;
import io.flinkmanaged.storage.NodeFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Puts a rendered node's files in place and starts its processes. */
final class NodeStart {

    private final Host host;
    private final Secrets secrets;
    private final EpochHome home;
    private final Path lib;
    private final Manner manner;

    NodeStart(Host host, Secrets secrets, EpochHome home, Path lib, Manner manner) {
        this.host = host;
        this.secrets = secrets;
        this.home = home;
        this.lib = lib;
        this.manner = manner;
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
        host.put(directory, directories, files);
        host.putKeys(directory, home.security().keysOf(node.placement()));
        if (home.fileSystem().isPresent()) {
            NodeFileSystem plugin = home.fileSystem().get();
            host.putJars(directory.resolve("plugins").resolve(plugin.plugin()), plugin.jars());
        }
    }

    HostProcess start(RenderedNode node, RenderedProcess process) throws IOException {
        List<String> command = new ArrayList<>(List.of(host.java().toString()));
        command.addAll(manner.arguments().apply(process.kind()));
        command.addAll(process.jvmArguments());
        command.addAll(List.of("-cp", lib + "/*", process.mainClass()));
        command.addAll(process.arguments());
        SortedMap<String, String> environment = new TreeMap<>(process.environment());
        home.fileSystem().ifPresent(plugin -> environment.putAll(plugin.environment()));
        return host.start(new ProcessStart(
                node.placement().directory(), process.kind().directory(), command, environment, manner.inBackground()));
    }

    /** Returns how long a process may take to end before it is killed. */
    Duration endsWithin() {
        return manner.endsWithin();
    }

    static Seat seatOf(RenderedNode node, RenderedProcess process) {
        return new Seat(node.placement().node(), process.kind());
    }
}
