package io.flinkmanaged.gcp;

import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.testkit.EmbeddedGcs;
import io.flinkmanaged.testkit.EveryPointContract;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class EveryPointOnGcsTest extends EveryPointContract {

    @AutoClose
    private static final EmbeddedGcs GCS = EmbeddedGcs.start("every-point");

    @Override
    protected StorageLocation location() {
        return TestBuckets.on(GCS).build();
    }
}
