package io.flinkmanaged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sockets on which a process listens, as the Linux kernel tells. */
public final class ListeningSockets {

    private static final String LISTENING = "0A";

    private ListeningSockets() {}

    static List<String> ofThisJvm() throws IOException {
        return of(ProcessHandle.current());
    }

    /** Returns the ports on which a process of this user listens. */
    public static Set<Integer> portsOf(ProcessHandle process) throws IOException {
        return of(process).stream().map(ListeningSockets::portOf).collect(Collectors.toSet());
    }

    /**
     * Returns {@code address:port} of each of a process of this user, the address in the kernel's hexadecimal. Its network may
     * be another one than this JVM's.
     */
    public static List<String> of(ProcessHandle process) throws IOException {
        Set<String> ours = socketInodes(process);
        List<String> listening = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            Path path = Path.of("/proc", Long.toString(process.pid()), "net", table);
            if (!Files.exists(path)) {
                continue;
            }
            for (String line : Files.readAllLines(path)) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields.length > 9 && fields[3].equals(LISTENING) && ours.contains(fields[9])) {
                    listening.add(fields[1]);
                }
            }
        }
        return listening;
    }

    static int portOf(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    }

    /** 127.0.0.1, ::1, and 127.0.0.1 as an IPv6 address. */
    public static boolean isLoopback(String address) {
        return isAt("127.0.0.1", address) || hostOf(address).equals("00000000000000000000000001000000");
    }

    /** Returns whether a socket is bound to an IPv4 address and no other, be it written as one of IPv6. */
    static boolean isAt(String wanted, String address) {
        String host = hostOf(address);
        String expected = littleEndian(wanted);
        return host.equals(expected) || host.equals("0000000000000000FFFF0000" + expected);
    }

    private static String hostOf(String address) {
        return address.substring(0, address.indexOf(':'));
    }

    private static String littleEndian(String address) {
        StringBuilder hexadecimal = new StringBuilder();
        for (String part : address.split("\\.", -1)) {
            hexadecimal.insert(0, String.format(Locale.ROOT, "%02X", Integer.parseInt(part)));
        }
        return hexadecimal.toString();
    }

    private static Set<String> socketInodes(ProcessHandle process) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            return descriptors
                    .map(ListeningSockets::target)
                    .filter(target -> target.startsWith("socket:["))
                    .map(target -> target.substring("socket:[".length(), target.length() - 1))
                    .collect(Collectors.toSet());
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
