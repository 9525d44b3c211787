package io.flinkmanaged.launch.process;

import io.flinkmanaged.launch.StopConfirmation;
import io.flinkmanaged.launch.process.Places.Placed;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.ProcessIdentity.Liveness;
import io.flinkmanaged.render.NodePlacement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The end of an epoch: whoever was started below its directory and lives is ended, too; then the directory goes, and its logs are
 * kept aside.
 *
 * @param hosts where its nodes are
 * @param places knows its directory
 */
record EpochEnd(Hosts hosts, Places places) {

    /**
     * Ends one of which nothing is known but what was written down when it was placed.
     *
     * @param patience how long its processes may take to end by themselves
     */
    StopConfirmation of(ClusterName cluster, Epoch epoch, Duration patience) {
        List<NodePlacement> nodes;
        try {
            nodes = places.find(cluster, epoch).map(Placed::nodes).orElse(List.of());
        } catch (IOException | UncheckedIOException e) {
            return cannotBeTold(e);
        }
        return of(cluster, epoch, nodes, List.of(), patience);
    }

    /**
     * Ends one.
     *
     * @param nodes its nodes
     * @param left who could not be ended so far
     * @param patience how long the others may take to end by themselves
     */
    StopConfirmation of(
            ClusterName cluster, Epoch epoch, List<NodePlacement> nodes, List<HostProcess> left, Duration patience) {
        List<HostProcess> living = new ArrayList<>(left);
        try {
            living.addAll(Ending.end(hosts.find(places.of(cluster, epoch)), patience));
        } catch (IOException | UncheckedIOException e) {
            return cannotBeTold(e);
        }
        living.removeIf(process -> process.liveness() == Liveness.DEAD);
        return living.isEmpty() ? conclude(cluster, epoch, nodes) : new StopConfirmation(false, namesOf(living));
    }

    private StopConfirmation conclude(ClusterName cluster, Epoch epoch, List<NodePlacement> nodes) {
        try {
            places.conclude(cluster, epoch, nodes);
            return StopConfirmation.CONFIRMED;
        } catch (IOException | UncheckedIOException e) {
            // Every process is dead, so the next epoch may begin: files that are left keep no cluster down.
            return new StopConfirmation(true, filesAreLeft(places.of(cluster, epoch), e));
        }
    }

    private static String filesAreLeft(Path directory, Exception cause) {
        return new Finding(
                        "files in " + directory,
                        "not all deleted, or their logs not kept aside: " + cause,
                        "none left, since private keys and secrets may be among them",
                        "Make room or mend the disk, if that is why, and delete the directory; the next launch of the "
                                + "cluster tries that, too.")
                .toString();
    }

    private static StopConfirmation cannotBeTold(Exception cause) {
        return new StopConfirmation(false, "whether processes of it live cannot be told: " + cause);
    }

    private static String namesOf(List<HostProcess> processes) {
        return processes.stream()
                .map(process -> process.startedAs() + " is " + process.id())
                .toList()
                .toString();
    }
}
