package io.flinkmanaged;

import io.flinkmanaged.cluster.CertificateRenewal;
import io.flinkmanaged.event.ClusterEvent.CertificateEnding;
import io.flinkmanaged.event.ClusterEvent.CertificatesRenewed;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.ManagedFlinkException;

/**
 * The certificates of a cluster of processes. Those of processes hold for a year, and for as long as their authority; {@link
 * CertificateEnding} tells when a third of that is left. Those of the authorities hold for ten years. The library renews its own
 * ones, which it shows to the processes, by itself.
 *
 * <p>Both are renewed by restarting one process after the other, while the cluster's jobs go on: each restarts from its last
 * checkpoint when a TaskManager with tasks of it, or the leader, has its turn. The supervisor leaves the cluster alone
 * meanwhile; what dies on its own ends the renewal, and is healed. {@link CertificatesRenewed} tells the end.
 */
public final class Certificates {

    private final CertificateRenewal renewal;

    Certificates(CertificateRenewal renewal) {
        this.renewal = renewal;
    }

    /**
     * Gives every process a new certificate by the present authorities. Blocks for minutes: some ten seconds for each
     * process.
     *
     * @throws InvalidInputException if the cluster has no certificates, as in process
     * @throws ManagedFlinkException if no epoch runs, another renewal is under way, or a process or a job does not come back;
     *     then it can be called again when the cluster is healthy
     */
    public void renew() {
        renewal.ofProcesses();
    }

    /**
     * Replaces both authorities, as when a key may be known to somebody else: three times as long as {@link #renew}. Old and
     * new ones are trusted side by side until every process has the new ones. Access that was granted before has ended
     * afterwards.
     *
     * <p>If it ends half-way, with this JVM for instance, calling it again goes on where it ended.
     *
     * @throws InvalidInputException as {@link #renew}
     * @throws ManagedFlinkException as {@link #renew}
     */
    public void replaceAuthorities() {
        renewal.ofAuthorities();
    }
}
