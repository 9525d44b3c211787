package io.flinkmanaged.launch.process;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.render.RenderedFile;
import io.flinkmanaged.security.KeyFile;
import io.flinkmanaged.spec.ClusterSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.apache.flink.configuration.MemorySize;

/**
 * Where nodes run: a machine, or a share of one. Everything that a launcher does to a node's files and processes goes
 * through here, so nothing in a launcher assumes one machine.
 *
 * <p>Thread-safe. Paths are the host's own.
 */
public interface Host {

    /**
     * Returns what it is called, in records, too: no other host is called so, wherever that is asked. What runs on a host of
     * another name is not looked for here, and not believed dead.
     */
    String name();

    /** Returns the IP address, or the name, at which its processes listen and other hosts reach them. */
    String address();

    /** Returns how far away it is. */
    Distance distance();

    /**
     * Judges whether nodes of a spec can run here.
     *
     * @param spec what is wanted
     * @param nodes how many of its nodes
     * @return findings, advice included; empty if nothing stands against it
     */
    List<Finding> judge(ClusterSpec spec, int nodes);

    /**
     * Returns whether so much memory is not in use now.
     *
     * @param memory how much
     */
    boolean hasFree(MemorySize memory);

    /**
     * Puts Flink's jars in place; does nothing if they are.
     *
     * @param distribution the jars
     * @return the directory with them
     * @throws IOException if it could not be done
     */
    Path install(FlinkDistribution distribution) throws IOException;

    /** Returns the program that starts a JVM of the version that nodes need. */
    Path java();

    /** Returns which Java that is, to the last digit: {@code 17.0.15+6-Debian-1deb12u1}. */
    String javaVersion();

    /**
     * Returns whether there is a file.
     *
     * @param file its path
     */
    boolean has(Path file);

    /**
     * Makes directories that only their owner may enter, and files with their modes. Former files are replaced, each at once:
     * whoever reads one meanwhile reads the former one or this one.
     *
     * @param directory the node's directory; made, too
     * @param directories below it, parents first
     * @param files below it
     * @throws IOException if it could not be done
     */
    void put(Path directory, List<String> directories, List<RenderedFile> files) throws IOException;

    /**
     * Puts jars into a directory, and nothing else there; does nothing if they are, since somebody may be reading them.
     *
     * @param directory of a plug-in; made, too
     * @param jars on this machine; a directory of classes is packed
     * @throws IOException if it could not be done
     */
    void putJars(Path directory, List<Path> jars) throws IOException;

    /**
     * Puts key files of mode 0400 in place, each at once: whoever reads one meanwhile reads the former one or this one.
     *
     * @param directory the node's directory, with the directories that the files are in
     * @param files below it
     * @throws IOException if it could not be done
     */
    void putKeys(Path directory, List<KeyFile> files) throws IOException;

    /**
     * Starts a process in a session of its own.
     *
     * @param start which
     * @return the process
     * @throws IOException if it could not be started
     */
    HostProcess start(ProcessStart start) throws IOException;

    /**
     * Finds the processes that were started below a directory and live, by whichever JVM they were started, and even if it
     * died while it started them.
     *
     * @param directory a node's directory, or one above
     * @return the processes
     * @throws IOException if it cannot be told
     */
    List<HostProcess> find(Path directory) throws IOException;

    /**
     * Returns the last lines of a file.
     *
     * @param file the file
     * @param lines how many at most
     * @return the lines; empty if there is no such file
     */
    List<String> tail(Path file, int lines);

    /**
     * Deletes what lies in a directory and was last changed before a time, directories with everything in them.
     *
     * @param directory the directory; it may be absent
     * @param before when, by the host's clock
     * @throws IOException if something is left
     */
    void deleteOlder(Path directory, Instant before) throws IOException;

    /**
     * Returns whether a port could be bound now.
     *
     * @param address an address of the host
     * @param port the port
     */
    boolean isFree(String address, int port);

    /**
     * Returns where this JVM reaches an address of the host.
     *
     * @param address the host's address
     * @param port the port
     */
    InetSocketAddress reach(String address, int port);

    /**
     * Moves a directory within the host; does nothing if it is absent.
     *
     * @param from the directory
     * @param to where it is afterwards; its parents are made
     * @throws IOException if it could not be moved
     */
    void move(Path from, Path to) throws IOException;

    /**
     * Deletes a directory with everything in it.
     *
     * @param directory the directory; it may be absent
     * @throws IOException if something is left
     */
    void delete(Path directory) throws IOException;

    /**
     * Deletes everything in a directory but some directories, and those that these are in. Needs no room on a disk.
     *
     * @param directory the directory; it may be absent
     * @param kept below it; they may be absent
     * @throws IOException if something else is left
     */
    void deleteAllBut(Path directory, Set<Path> kept) throws IOException;

    /** How far away a host is. */
    enum Distance {
        /** It is the machine of this JVM: what does not answer here has no network to blame. */
        LOCAL,
        /** A network lies between, which may be cut. */
        REMOTE
    }

    /**
     * What is started.
     *
     * @param directory the node's directory, in which it is started
     * @param name of the process, and of its directory below the node's, which is there
     * @param output where its standard output and error go, below the node's directory; appended to, unless it has become
     *     large (10 MiB), when one former file of it is kept, with {@code .1} after its name
     * @param command program and arguments
     * @param environment variables that it has beside the host's own
     * @param inBackground whether it gives way to everybody else on the host
     * @param endsWithThisJvm whether its standard input ends when this JVM does, however that is, for it to end then, too
     *     ({@link io.flinkmanaged.node.DependentProcess}); else it reads nothing, and outlives this JVM
     */
    record ProcessStart(
            Path directory,
            String name,
            String output,
            List<String> command,
            SortedMap<String, String> environment,
            boolean inBackground,
            boolean endsWithThisJvm) {

        /** Keeps a copy. */
        public ProcessStart {
            command = List.copyOf(command);
        }
    }
}
