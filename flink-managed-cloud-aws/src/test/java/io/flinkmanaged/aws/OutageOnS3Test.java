package io.flinkmanaged.aws;

import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.testkit.EmbeddedS3;
import io.flinkmanaged.testkit.S3Fault;
import io.flinkmanaged.testkit.S3Operation;
import io.flinkmanaged.testkit.StorageOutageContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** One job through all the trouble that a network and a busy S3 make. */
@Tag("slow")
class OutageOnS3Test extends StorageOutageContract {

    @AutoClose
    private static final EmbeddedS3 S3 = EmbeddedS3.start("out-of-order");

    @TempDir
    private static Path directory;

    @Override
    protected StorageLocation location() {
        return TestBuckets.on(S3, directory).build();
    }

    @Override
    protected void cutOff() {
        S3.inject(S3Fault.reset());
    }

    @Override
    protected void heal() {
        S3.heal();
    }

    @Override
    protected List<Runnable> troubles() {
        return List.of(
                () -> S3.inject(S3Fault.reject(503, "SlowDown").first(20)),
                () -> S3.inject(S3Fault.delay(Duration.ofMillis(300))
                        .on(S3Operation.PUT)
                        .first(10)),
                () -> S3.inject(S3Fault.reset().first(10)),
                () -> S3.inject(S3Fault.loseAnswer().on(S3Operation.PUT).first(5)));
    }

    @Override
    protected void troubleReading() {
        S3.inject(S3Fault.truncate().on(S3Operation.GET).first(2));
        S3.inject(S3Fault.reset().on(S3Operation.GET).first(2));
        S3.inject(S3Fault.reject(503, "SlowDown").on(S3Operation.GET).first(2));
    }
}
