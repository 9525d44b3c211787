package io.flinkmanaged.render;

import io.flinkmanaged.config.LayeredConfiguration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One process of a node: what a launcher needs to start it. Started in the node's directory, with every file in place;
 * relative paths are meant from there. No secret is on the command line or in the environment.
 *
 * @param kind what it is
 * @param mainClass its main class
 * @param jvmArguments before the main class; without a class path, which the launcher knows
 * @param arguments after the main class
 * @param environment variables that it needs
 * @param files what it reads
 * @param configuration Flink's configuration with the reason of each key; empty for ZooKeeper
 */
public record RenderedProcess(
        Kind kind,
        String mainClass,
        List<String> jvmArguments,
        List<String> arguments,
        SortedMap<String, String> environment,
        List<RenderedFile> files,
        LayeredConfiguration configuration) {

    /** The processes of a node, in the order in which they are started. */
    public enum Kind {
        /** Keeps the leader's election and pointers to what it left behind. */
        ZOOKEEPER("zookeeper"),
        /** Dispatcher, resource manager, a master for each job; REST and web UI. */
        JOB_MANAGER("jobmanager"),
        /** Runs the tasks. */
        TASK_MANAGER("taskmanager");

        private final String directory;

        Kind(String directory) {
            this.directory = directory;
        }

        /** Returns its directory below that of its node. */
        public String directory() {
            return directory;
        }

        /** Returns its directory for temporary files, its own and those of jobs, below that of its node. */
        public String temporaryDirectory() {
            return directory + "/tmp";
        }
    }

    /** Keeps copies. */
    public RenderedProcess {
        jvmArguments = List.copyOf(jvmArguments);
        arguments = List.copyOf(arguments);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        files = List.copyOf(files);
    }
}
