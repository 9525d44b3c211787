package io.flinkmanaged.job;

import io.flinkmanaged.flink.KeptPlan;
import io.flinkmanaged.internal.Digests;
import io.flinkmanaged.internal.DurableFiles;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.storage.StateStorage;
import io.flinkmanaged.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the jobs of a cluster are made of: plans and jars by their content, {@code <location>/<cluster>/artifacts/<sha256>.plan,
 * .jar}. Stateless and thread-safe.
 */
public final class ArtifactStore {

    private final StateStorage storage;
    private final ClusterName cluster;

    ArtifactStore(StateStorage storage, ClusterName cluster) {
        this.storage = storage;
        this.cluster = cluster;
    }

    /**
     * Keeps what a job is made of.
     *
     * @param plan its execution plan
     * @param jars local jars with its classes
     * @param onFlinkClassPath whether this JVM's Flink sees the very same classes without the jars
     * @return its content addresses
     */
    public Artifact keep(KeptPlan plan, List<Path> jars, boolean onFlinkClassPath) {
        byte[] bytes = plan.bytes();
        String planAddress = Digests.sha256(bytes);
        List<String> jarAddresses = new ArrayList<>();
        for (Path jar : jars) {
            String address = digestOf(jar);
            storage.putArtifact(artifactPath(address + ".jar"), jar);
            jarAddresses.add(address);
        }
        storage.putArtifact(artifactPath(planAddress + ".plan"), bytes);
        return new Artifact(planAddress, jarAddresses, onFlinkClassPath);
    }

    /**
     * Reads a kept plan.
     *
     * @param artifact what the job is made of
     */
    public KeptPlan plan(Artifact artifact) {
        return KeptPlan.of(bytesOf(artifact.plan(), ".plan"));
    }

    /**
     * Brings a job's jars to a local directory.
     *
     * @param artifact what the job is made of
     * @param directory where to; it exists
     * @return the local jars
     */
    public List<Path> fetchJars(Artifact artifact, Path directory) {
        return artifact.jars().stream()
                .map(address -> fetch(address, directory.resolve(address + ".jar")))
                .toList();
    }

    private Path fetch(String address, Path target) {
        try {
            // A former process may have died while it wrote.
            if (!Files.exists(target) || !Digests.sha256(target).equals(address)) {
                DurableFiles.replace(target, bytesOf(address, ".jar"));
            }
            return target;
        } catch (IOException e) {
            throw new StorageException("artifact " + address + ".jar: cannot be written to " + target + ": " + e, e);
        }
    }

    private byte[] bytesOf(String address, String suffix) {
        String path = artifactPath(address + suffix);
        byte[] bytes = storage.artifact(path)
                .orElseThrow(() -> new ArtifactLostException(
                        cluster,
                        "artifact " + storage.uriOf(path)
                                + ": missing (expected: kept since the job was submitted). Submit the program again."));
        if (!Digests.sha256(bytes).equals(address)) {
            throw new ArtifactLostException(
                    cluster,
                    "artifact " + storage.uriOf(path) + ": damaged (expected: content that matches its name). "
                            + "Delete it and submit the program again.");
        }
        return bytes;
    }

    private String artifactPath(String file) {
        return cluster + "/artifacts/" + file;
    }

    private static String digestOf(Path jar) {
        try {
            return Digests.sha256(jar);
        } catch (IOException e) {
            throw new StorageException("jar " + jar + ": cannot be read (expected: a readable file): " + e, e);
        }
    }
}
