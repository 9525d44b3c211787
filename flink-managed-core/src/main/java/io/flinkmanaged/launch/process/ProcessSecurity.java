package io.flinkmanaged.launch.process;

import io.flinkmanaged.config.Setting;
import io.flinkmanaged.render.NodePlacement;
import io.flinkmanaged.render.ProcessPlacement;
import io.flinkmanaged.render.RenderedFile;
import io.flinkmanaged.render.RenderedProcess;
import io.flinkmanaged.spec.ClusterSpec;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What secures the processes of a cluster, and how this library proves to them who it is. */
public interface ProcessSecurity {

    /** No encryption, no proof: for what nobody else reaches. */
    ProcessSecurity NONE = new ProcessSecurity() {};

    /**
     * Returns what an epoch needs; the same cluster, asked again, gets what still holds.
     *
     * @param spec what is wanted
     * @param placement where it runs
     */
    default Secured secure(ClusterSpec spec, ProcessPlacement placement) {
        return new Secured("http", new TreeMap<>(), List.of());
    }

    /**
     * Returns further files of a process.
     *
     * @param node its node
     * @param kind which process of the node
     */
    default List<RenderedFile> files(NodePlacement node, RenderedProcess.Kind kind) {
        return List.of();
    }

    /**
     * What an epoch is secured with.
     *
     * @param restScheme {@code http} or {@code https}
     * @param client Flink's keys for the REST client of this library
     * @param settings keys of every Flink process, rendered like any other
     */
    record Secured(String restScheme, SortedMap<String, String> client, List<Setting> settings) {

        /** Keeps a copy. */
        public Secured {
            settings = List.copyOf(settings);
        }
    }
}
