package io.flinkmanaged.gcp;

import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.testkit.DamagedPointsContract;
import io.flinkmanaged.testkit.EmbeddedGcs;
import java.util.Arrays;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class DamagedPointsOnGcsTest extends DamagedPointsContract {

    @AutoClose
    private static final EmbeddedGcs GCS = EmbeddedGcs.start("damaged");

    @Override
    protected StorageLocation location() {
        return TestBuckets.on(GCS).build();
    }

    @Override
    protected void cutShort(String path) {
        byte[] whole = GCS.read(path).orElseThrow();
        GCS.write(path, Arrays.copyOf(whole, whole.length / 2));
    }
}
