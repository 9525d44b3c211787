package io.flinkmanaged.launch.process;

import io.flinkmanaged.launch.process.Host.ProcessStart;
import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.render.RenderedFile;
import io.flinkmanaged.render.RenderedNode;
import io.flinkmanaged.render.RenderedProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Puts a rendered node's files in place and starts its processes. */
final class NodeStart {

    private final Host host;
    private final Secrets secrets;
    private final EpochHome home;
    private final Path lib;

    NodeStart(Host host, Secrets secrets, EpochHome home, Path lib) {
        this.host = host;
        this.secrets = secrets;
        this.home = home;
        this.lib = lib;
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
        host.put(node.placement().directory(), node.directories(), files);
        host.putKeys(node.placement().directory(), home.security().keysOf(node.placement()));
    }

    HostProcess start(RenderedNode node, RenderedProcess process) throws IOException {
        List<String> command = new ArrayList<>(List.of(host.java().toString()));
        command.addAll(process.jvmArguments());
        command.addAll(List.of("-cp", lib + "/*", process.mainClass()));
        command.addAll(process.arguments());
        return host.start(new ProcessStart(
                node.placement().directory(), process.kind().directory(), command, process.environment()));
    }

    static Seat seatOf(RenderedNode node, RenderedProcess process) {
        return new Seat(node.placement().node(), process.kind());
    }
}
