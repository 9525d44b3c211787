package io.flinkmanaged.launch.minicluster;

import io.flinkmanaged.model.InvalidInputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;

/**
 * The addresses on which a cluster will listen, tried before it is started: Flink's REST server keeps a thread for good
 * when it cannot bind, and says less.
 */
final class BindAddresses {

    private static final List<ConfigOption<String>> OPTIONS =
            List.of(RestOptions.BIND_ADDRESS, JobManagerOptions.BIND_HOST, TaskManagerOptions.BIND_HOST);

    private BindAddresses() {}

    /** Refuses addresses that this machine does not have. */
    static void check(Configuration configuration) {
        for (ConfigOption<String> option : OPTIONS) {
            Optional<String> address = configuration.getOptional(option);
            if (address.isPresent()) {
                check(option.key(), address.get());
            }
        }
    }

    private static void check(String key, String address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        } catch (IOException e) {
            throw InvalidInputException.of(
                            key, address, "an address of this machine", "Remove the override, or use 127.0.0.1.")
                    .because(e);
        }
    }
}
