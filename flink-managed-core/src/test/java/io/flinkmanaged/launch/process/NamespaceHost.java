package io.flinkmanaged.launch.process;

import io.flinkmanaged.model.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A host with a network of its own, which is a namespace of this machine; its disk and its pids are the machine's. */
public class NamespaceHost extends ForwardingHost {

    private final String namespace;
    private final String address;

    public NamespaceHost(Path home, TimeSource time, String namespace, String address) {
        super(home, time);
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

    /** The program that enters the namespace becomes the process itself. */
    @Override
    public HostProcess start(ProcessStart start) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(start.command());
        return super.start(new ProcessStart(
                start.directory(),
                start.name(),
                start.output(),
                command,
                start.environment(),
                start.inBackground(),
                start.endsWithThisJvm()));
    }

    /** Nothing but the nodes listens in the namespace. */
    @Override
    public boolean isFree(String at, int port) {
        return true;
    }
}
