package io.flinkmanaged.security;

import io.flinkmanaged.model.Secrets;
import io.flinkmanaged.render.NodePorts;
import io.flinkmanaged.render.RenderedFile;
import io.flinkmanaged.render.RenderedNode;
import io.flinkmanaged.render.RenderedProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The processes of a rendered node, as JVMs of their own, killed when closed. */
final class NodeJvms implements AutoCloseable {

    private final Map<RenderedProcess.Kind, Process> running = new EnumMap<>(RenderedProcess.Kind.class);
    private final RenderedNode node;

    private NodeJvms(RenderedNode node) {
        this.node = node;
    }

    /** Puts everything in its place. */
    static NodeJvms layOut(RenderedNode node, NodeCertificates certificates) throws IOException {
        Path directory = node.placement().directory();
        for (String each : node.directories()) {
            Files.createDirectories(directory.resolve(each));
        }
        for (KeyFile file : certificates.files()) {
            write(directory.resolve(file.path()), file.content(), file.mode());
        }
        try (Secrets secrets = Secrets.of(List.of())) {
            for (RenderedProcess process : node.processes()) {
                for (RenderedFile file : process.files()) {
                    byte[] content = secrets.resolveIn(file.text()).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                    write(directory.resolve(file.path()), content, file.mode());
                }
            }
        }
        return new NodeJvms(node);
    }

    NodeJvms start(RenderedProcess.Kind kind) throws IOException {
        RenderedProcess process = node.process(kind);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(process.jvmArguments());
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                process.mainClass()));
        command.addAll(process.arguments());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(node.placement().directory().toFile());
        builder.environment().putAll(process.environment());
        Path output = node.placement().directory().resolve(kind.directory() + "/log/out");
        running.put(
                kind,
                builder.redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start());
        return this;
    }

    Process process(RenderedProcess.Kind kind) {
        Process process = running.get(kind);
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException(kind + " does not run. " + log(kind));
        }
        return process;
    }

    String log(RenderedProcess.Kind kind) {
        try {
            Path directory = node.placement().directory().resolve(kind.directory() + "/log");
            return Files.readString(directory.resolve("out"))
                    + Files.readString(directory.resolve(kind.directory() + ".log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Returns ports that nobody uses at the moment. */
    static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    /** Returns ten ports as those of a node. */
    static NodePorts ports(List<Integer> ten) {
        return new NodePorts(
                ten.get(0),
                ten.get(1),
                ten.get(2),
                ten.get(3),
                ten.get(4),
                ten.get(5),
                ten.get(6),
                ten.get(7),
                ten.get(8),
                ten.get(9));
    }

    @Override
    public void close() {
        running.values().forEach(Process::destroyForcibly);
        running.values().forEach(process -> {
            Process unused = process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        });
    }

    private static void write(Path file, byte[] content, String mode) throws IOException {
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
