package io.flinkmanaged.render;

import io.flinkmanaged.model.Epoch;
import java.nio.file.Path;

/**
 * Where an epoch of a cluster runs: what a launcher chose before anything is started.
 *
 * @param epoch which life of the cluster
 * @param directory the epoch's own directory on this machine; gone when the epoch has ended
 */
public record Placement(Epoch epoch, Path directory) {

    /** Returns a placement of names, for explanations of what is not launched. */
    public static Placement symbolic() {
        return new Placement(new Epoch(1), Path.of("<directory of the epoch>"));
    }
}
