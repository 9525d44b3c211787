package io.flinkmanaged.job;

import io.flinkmanaged.internal.YamlRecord;
import io.flinkmanaged.internal.YamlText;
import io.flinkmanaged.model.JobName;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.JobID;

/**
 * The record of one submission of a job, written to the state storage before the job is submitted.
 *
 * @param job the job
 * @param id which attempt it is
 * @param jobId Flink's id of it
 * @param startingPoint the checkpoint or savepoint it starts from; empty for an empty state
 * @param artifact what it is made of
 * @param priority how early its turn comes when jobs are continued
 * @param submittedAt when it was submitted, by the submitter's clock; for people
 */
public record JobAttempt(
        JobName job,
        AttemptId id,
        JobID jobId,
        Optional<String> startingPoint,
        Artifact artifact,
        JobPriority priority,
        Instant submittedAt) {

    private static final int FORMAT = 1;
    private static final String PRIORITY = "priority";

    String toYaml() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("format", FORMAT);
        map.put("job", job.value());
        map.put("attempt", id.toString());
        map.put("job-id", jobId.toHexString());
        startingPoint.ifPresent(point -> map.put("starting-point", point));
        map.put("plan", artifact.plan());
        map.put("jars", artifact.jars());
        map.put("on-flink-class-path", artifact.onFlinkClassPath());
        if (!priority.equals(JobPriority.NORMAL)) {
            map.put(PRIORITY, priority.value());
        }
        map.put("submitted-at", submittedAt.toString());
        return YamlText.write(map);
    }

    static JobAttempt fromYaml(String path, String text) {
        YamlRecord record = YamlRecord.read("attempt record " + path, text).requireFormat(FORMAT);
        AttemptId id = AttemptId.parse(record.text("attempt"))
                .orElseThrow(() -> record.damaged("attempt", "an id such as epoch-1-attempt-1"));
        return new JobAttempt(
                new JobName(record.text("job")),
                id,
                record.parsed("job-id", "32 hexadecimal digits", JobID::fromHexString),
                record.optionalText("starting-point"),
                new Artifact(record.text("plan"), record.texts("jars"), record.flag("on-flink-class-path")),
                priority(record),
                record.parsed("submitted-at", "a time such as 2026-01-01T00:00:00Z", Instant::parse));
    }

    private static JobPriority priority(YamlRecord record) {
        if (!record.has(PRIORITY)) {
            return JobPriority.NORMAL;
        }
        int value = record.count(PRIORITY);
        if (value < JobPriority.LOWEST || value > JobPriority.HIGHEST) {
            throw record.damaged(PRIORITY, JobPriority.LOWEST + ".." + JobPriority.HIGHEST);
        }
        return new JobPriority(value);
    }
}
