package io.flinkmanaged.gcp;

import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.testkit.EmbeddedGcs;
import io.flinkmanaged.testkit.GcsFault;
import io.flinkmanaged.testkit.GcsOperation;
import io.flinkmanaged.testkit.StorageOutageContract;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;

/** One job through all the trouble that a network and a busy GCS make. */
@Tag("slow")
class OutageOnGcsTest extends StorageOutageContract {

    @AutoClose
    private static final EmbeddedGcs GCS = EmbeddedGcs.start("out-of-order");

    @Override
    protected StorageLocation location() {
        // Google's client waits longer with each failure: so that a build waits less.
        return TestBuckets.on(GCS).build();
    }

    @Override
    protected void cutOff() {
        GCS.inject(GcsFault.reset());
    }

    @Override
    protected void heal() {
        GCS.heal();
    }

    @Override
    protected List<Runnable> troubles() {
        return List.of(
                () -> GCS.inject(GcsFault.reject(503, "backendError").first(20)),
                () -> GCS.inject(GcsFault.delay(Duration.ofMillis(300))
                        .on(GcsOperation.RESUMABLE_UPLOAD)
                        .first(10)),
                () -> GCS.inject(GcsFault.reset().first(10)),
                () -> GCS.inject(
                        GcsFault.loseAnswer().on(GcsOperation.RESUMABLE_UPLOAD).first(5)));
    }

    @Override
    protected void troubleReading() {
        GCS.inject(GcsFault.truncate().on(GcsOperation.DOWNLOAD).first(2));
        GCS.inject(GcsFault.reset().on(GcsOperation.DOWNLOAD).first(2));
        GCS.inject(
                GcsFault.reject(503, "backendError").on(GcsOperation.DOWNLOAD).first(2));
    }
}
