package io.flinkmanaged.aws;

import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.testkit.DamagedPointsContract;
import io.flinkmanaged.testkit.EmbeddedS3;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;

class DamagedPointsOnS3Test extends DamagedPointsContract {

    @AutoClose
    private static final EmbeddedS3 S3 = EmbeddedS3.start("damaged");

    @TempDir
    private static Path directory;

    @Override
    protected StorageLocation location() {
        return TestBuckets.on(S3, directory).build();
    }

    @Override
    protected void cutShort(String path) {
        byte[] whole = S3.read(path).orElseThrow();
        S3.write(path, Arrays.copyOf(whole, whole.length / 2));
    }
}
