package io.flinkmanaged.launch;

import io.flinkmanaged.flink.KeptPlan;
import io.flinkmanaged.model.JobName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.JobID;

/**
 * A job as it is handed to Flink.
 *
 * @param jobId the attempt's id
 * @param name what it is called
 * @param plan the kept plan
 * @param configuration keys of the job's own configuration
 * @param jars local jars with its classes
 * @param onFlinkClassPath whether Flink's class loader of this JVM sees the very same classes: then a launcher that runs
 *     the job in this JVM leaves the jars out, so that the job shares its classes with the program that submitted it
 * @param recoveryPoint the checkpoint or savepoint to start from; empty for an empty state
 */
public record JobSubmission(
        JobID jobId,
        JobName name,
        KeptPlan plan,
        Map<String, String> configuration,
        List<Path> jars,
        boolean onFlinkClassPath,
        Optional<String> recoveryPoint) {

    /** Keeps copies. */
    public JobSubmission {
        configuration = Map.copyOf(configuration);
        jars = List.copyOf(jars);
    }
}
