package io.flinkmanaged.launch.process;

import io.flinkmanaged.launch.JobProgress;
import java.time.Instant;
import java.util.Optional;
import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.runtime.rest.messages.RuntimeMessageHeaders;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonCreator;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/**
 * Asks for a job's checkpoints. Flink's own class for the answer carries annotations that are on nobody's class path, so the
 * answer is read as a tree.
 */
final class CheckpointQuestion
        implements RuntimeMessageHeaders<EmptyRequestBody, CheckpointQuestion.Answer, JobMessageParameters> {

    static final CheckpointQuestion INSTANCE = new CheckpointQuestion();

    private CheckpointQuestion() {}

    @Override
    public Class<EmptyRequestBody> getRequestClass() {
        return EmptyRequestBody.class;
    }

    @Override
    public Class<Answer> getResponseClass() {
        return Answer.class;
    }

    @Override
    public HttpResponseStatus getResponseStatusCode() {
        return HttpResponseStatus.OK;
    }

    @Override
    public JobMessageParameters getUnresolvedMessageParameters() {
        return new JobMessageParameters();
    }

    @Override
    public HttpMethodWrapper getHttpMethod() {
        return HttpMethodWrapper.GET;
    }

    @Override
    public String getTargetRestEndpointURL() {
        return "/jobs/:jobid/checkpoints";
    }

    @Override
    public String getDescription() {
        return "How far a job's checkpoints have come.";
    }

    /** What Flink says. */
    static final class Answer implements ResponseBody {

        private final JsonNode json;

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Answer(JsonNode json) {
            this.json = json;
        }

        JobProgress progress() {
            JsonNode latest = json.path("latest");
            JsonNode savepoint = latest.path("savepoint");
            Optional<Long> completed = idOf(latest.path("completed"));
            return new JobProgress(
                    json.path("counts").path("completed").asLong(),
                    json.path("counts").path("failed").asLong(),
                    completed,
                    idOf(latest.path("restored")),
                    Optional.of(savepoint)
                            .filter(taken ->
                                    taken.path("checkpoint_type").asText().equals("SYNC_SAVEPOINT"))
                            // A job that failed between its savepoint and its stop goes on.
                            .filter(taken -> completed.isEmpty()
                                    || completed.get() < taken.path("id").asLong())
                            .map(taken -> taken.path("external_path").asText()),
                    Optional.of(latest.path("completed").path("latest_ack_timestamp"))
                            .filter(JsonNode::isNumber)
                            .map(at -> Instant.ofEpochMilli(at.asLong())));
        }

        private static Optional<Long> idOf(JsonNode checkpoint) {
            return checkpoint.path("id").isNumber()
                    ? Optional.of(checkpoint.path("id").asLong())
                    : Optional.empty();
        }
    }
}
