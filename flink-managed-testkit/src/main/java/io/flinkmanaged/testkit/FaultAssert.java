package io.flinkmanaged.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import org.assertj.core.api.AbstractAssert;

/** Assertions of what became of a fault. */
public final class FaultAssert extends AbstractAssert<FaultAssert, Fault> {

    FaultAssert(Fault fault) {
        super(fault, FaultAssert.class);
    }

    /**
     * Waits until the fault is healed, and verifies that it was soon enough. Healed means: the loss was noticed, every process
     * is there and none hangs, the cluster's health is HEALTHY, and every job that ran at the time of the fault runs with all
     * its tasks, told anew since the fault or seen for a second longer, or has finished.
     *
     * <p>Fails at once if a job is lost for good or the supervisor gave up. The failure says what was still waited for, and
     * all that happened since the fault. Assert on one fault before you make the next.
     *
     * @param atMost the time from the fault, not from this call
     * @return this
     */
    @CanIgnoreReturnValue
    public FaultAssert isHealedWithin(Duration atMost) {
        Healing seen;
        try {
            seen = actual.await(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("%s: interrupted while waiting for it to heal", actual);
        } catch (Exception e) {
            throw new IllegalStateException(actual + ": it could not be looked at any more", e);
        }
        if (!seen.isWhole()) {
            throw failure(
                    "%s: not healed%s (expected: within %d ms). Waited for:%s%nSince then:%n%s",
                    actual,
                    seen.isHopeless() ? ", and will not be" : "",
                    atMost.toMillis(),
                    seen.open(),
                    actual.timeline());
        }
        if (seen.took().compareTo(atMost) > 0) {
            throw failure(
                    "%s: healed after %d ms (expected: within %d ms). Since then:%n%s",
                    actual, seen.took().toMillis(), atMost.toMillis(), actual.timeline());
        }
        return this;
    }
}
