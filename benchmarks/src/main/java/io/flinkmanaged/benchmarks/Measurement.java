package io.flinkmanaged.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** One of the measurements that can be chosen. */
interface Measurement {

    /** Returns the word that chooses it. */
    String name();

    /**
     * Measures; takes minutes.
     *
     * @param rounds how often
     * @param directory for its files; empty, deleted by the caller
     * @return what came of it
     * @throws Exception if something could not be measured
     */
    List<Row> measure(Rounds rounds, Path directory) throws Exception;
}
