package io.flinkmanaged.render;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** Says of each {@code from to port} whether a connection is made. Run within a network name space of its own. */
final class FirewallProbe {

    private FirewallProbe() {}

    public static void main(String[] arguments) throws IOException {
        for (int i = 0; i < arguments.length; i += 3) {
            InetAddress from = InetAddress.getAllByName(arguments[i])[0];
            InetAddress to = InetAddress.getAllByName(arguments[i + 1])[0];
            try (ServerSocket server = new ServerSocket(Integer.parseInt(arguments[i + 2]), 5, to);
                    Socket client = new Socket()) {
                client.bind(new InetSocketAddress(from, 0));
                System.out.println(result(client, server));
            }
        }
    }

    private static String result(Socket client, ServerSocket server) throws IOException {
        try {
            client.connect(server.getLocalSocketAddress(), 3000);
            return "connected";
        } catch (ConnectException e) {
            return "refused";
        } catch (SocketTimeoutException e) {
            return "time-out";
        }
    }
}
