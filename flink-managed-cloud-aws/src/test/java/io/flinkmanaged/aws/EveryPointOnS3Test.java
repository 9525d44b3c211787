package io.flinkmanaged.aws;

import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.testkit.EmbeddedS3;
import io.flinkmanaged.testkit.EveryPointContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;

class EveryPointOnS3Test extends EveryPointContract {

    @AutoClose
    private static final EmbeddedS3 S3 = EmbeddedS3.start("every-point");

    @TempDir
    private static Path directory;

    @Override
    protected StorageLocation location() {
        return TestBuckets.on(S3, directory).build();
    }
}
