package io.flinkmanaged.launch.process;

import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.security.Rotation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates that this library itself shows to the processes of an epoch. They end like those of processes, and from then
 * on it sees and heals nothing; but nobody needs to be started anew for them, so they are renewed without being asked for.
 *
 * <p>Thread-safe. Issues on the time source's pool, or on the thread of whoever asks for it.
 */
final class OwnCertificates {

    /** The next look comes soon, and what keeps an authority from issuing is for people. */
    static final Duration TRY_AGAIN_AFTER = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(OwnCertificates.class);

    private final ClusterName cluster;
    private final EpochSecurity security;
    private final Runnable show;
    private final TimeSource time;
    private final AtomicBoolean underWay = new AtomicBoolean();
    /** When a renewal, in ticks, was in vain the last time, if the last one was. */
    private volatile @Nullable Long inVainAt;

    /**
     * Creates it for certificates that have been issued.
     *
     * @param cluster for messages
     * @param security issues them
     * @param show connects with new ones; may block
     * @param time its time and threads
     */
    OwnCertificates(ClusterName cluster, EpochSecurity security, Runnable show, TimeSource time) {
        this.cluster = cluster;
        this.security = security;
        this.show = show;
        this.time = time;
    }

    /** Begins to renew them, if it is time to. Returns at once. */
    void renewIfDue() {
        if (security.isLibraryDue(time.now()) && !wasInVainJustNow() && underWay.compareAndSet(false, true)) {
            CompletableFuture<Void> unused = CompletableFuture.runAsync(this::renew, time.blocking())
                    .handle((done, failure) -> {
                        note(failure);
                        return null;
                    });
        }
    }

    private boolean wasInVainJustNow() {
        Long ticks = inVainAt;
        return ticks != null && time.ticks() - ticks < TRY_AGAIN_AFTER.toNanos();
    }

    private void note(@Nullable Throwable failure) {
        if (failure != null) {
            LOG.warn(
                    "cluster {}: this library could not renew its own certificates, without which it sees nothing of the "
                            + "cluster once they have ended. It tries again in {} minutes. {}",
                    cluster,
                    TRY_AGAIN_AFTER.toMinutes(),
                    Failures.unwrap(failure).getMessage());
        } else {
            LOG.info("cluster {}: this library has renewed its own certificates.", cluster);
        }
        // New ones of an authority that ends soon are no better.
        inVainAt = security.isLibraryDue(time.now()) ? Long.valueOf(time.ticks()) : null;
        underWay.set(false);
    }

    /** Renews them. Blocks; one renewal at a time. */
    synchronized void renew() {
        security.renewLibrary();
        show.run();
    }

    /** Takes the next step of the replacement of the authorities, and renews them in the new state. Blocks. */
    synchronized Rotation advanceRotation() {
        Rotation state = security.advanceRotation();
        show.run();
        return state;
    }
}
