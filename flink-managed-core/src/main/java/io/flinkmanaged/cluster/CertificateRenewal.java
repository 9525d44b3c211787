package io.flinkmanaged.cluster;

import io.flinkmanaged.event.ClusterEvent.CertificatesRenewed;
import io.flinkmanaged.launch.LaunchedCluster;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.ManagedFlinkException;
import io.flinkmanaged.security.Rotation;

/** Gives the processes of a cluster new certificates, by rolling restarts, while its jobs go on. */
public final class CertificateRenewal {

    private final Cluster cluster;
    private final ClusterServices services;

    CertificateRenewal(Cluster cluster, ClusterServices services) {
        this.cluster = cluster;
        this.services = services;
    }

    /**
     * Gives this library and every process a new certificate by the present authorities. Blocks for minutes.
     *
     * @throws InvalidInputException if the cluster has no certificates
     * @throws ManagedFlinkException if another rolling restart is under way, or a process or a job does not come back
     */
    public void ofProcesses() {
        Rotation unused = rotation();
        cluster.roll(() -> {
            // First: who is not known any more sees nobody come back.
            renewOwn();
            restartAll();
            tell(false);
        });
    }

    /**
     * Replaces the authorities, in three steps with a rolling restart after each. If it ends half-way, with this JVM for
     * instance, calling it again goes on where it ended. Blocks for minutes.
     *
     * @throws InvalidInputException as {@link #ofProcesses}
     * @throws ManagedFlinkException as {@link #ofProcesses}
     */
    public void ofAuthorities() {
        Rotation found = rotation();
        cluster.roll(() -> {
            if (found != Rotation.SETTLED) {
                // Not every process may have been started in the state that somebody else left.
                restartAll();
            }
            while (advance() != Rotation.SETTLED) {
                restartAll();
            }
            restartAll();
            tell(true);
        });
    }

    private Rotation rotation() {
        LaunchedCluster launched = cluster.requireCurrent().launched();
        return launched.rotation()
                .orElseThrow(() -> InvalidInputException.of(
                        "certificates of cluster " + cluster.spec().name(),
                        "none, since " + launched.webUi() + " asks nobody who he is",
                        "a cluster of processes with TLS",
                        "Run it with ManagedFlink.processes(…), and not unencrypted."));
    }

    private Rotation advance() {
        services.ensureMayAct().run();
        return cluster.requireCurrent().launched().advanceRotation();
    }

    private void renewOwn() {
        services.ensureMayAct().run();
        cluster.requireCurrent().launched().renewOwnCertificates();
    }

    private void restartAll() {
        new RollingRestart(cluster, services.time()).everyProcess();
    }

    private void tell(boolean authorities) {
        services.events()
                .accept(new CertificatesRenewed(
                        cluster.spec().name().value(), services.time().now(), authorities));
    }
}
