package io.flinkmanaged.flink;

import java.util.Optional;

/**
 * A job as a program defined it, before it has an identity or runs anywhere.
 *
 * @param name what the program called it in {@code execute(name)}, or Flink's default name
 * @param isNamed whether the program called it anything
 * @param plan its serialized execution plan
 * @param code where its classes came from
 * @param requestedRecoveryPoint the checkpoint or savepoint that its own configuration asks to start from
 */
public record CapturedJob(
        String name, boolean isNamed, KeptPlan plan, UserCode code, Optional<String> requestedRecoveryPoint) {}
