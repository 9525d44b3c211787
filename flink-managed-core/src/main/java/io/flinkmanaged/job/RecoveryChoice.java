package io.flinkmanaged.job;

import io.flinkmanaged.flink.CorruptCheckpointException;
import io.flinkmanaged.job.StartingPoint.AsItEnded;
import io.flinkmanaged.job.StartingPoint.At;
import io.flinkmanaged.job.StartingPoint.Latest;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.storage.CheckpointSearch;
import io.flinkmanaged.storage.CompletePoint;
import io.flinkmanaged.storage.StorageException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what an attempt starts from.
 *
 * @param point the checkpoint or savepoint; empty for an empty state
 * @param passedOver newer checkpoints that were completed once and are damaged or gone, each with its defect
 */
public record RecoveryChoice(Optional<String> point, List<String> passedOver) {

    /** Keeps a copy. */
    public RecoveryChoice {
        passedOver = List.copyOf(passedOver);
    }

    /**
     * Chooses.
     *
     * @param store the cluster's jobs
     * @param last the job's last attempt, if it has one
     * @param wanted what the submitter wants
     * @return the choice
     * @throws NoRecoveryPointException if the job had state and no complete point of it is left
     * @throws StorageException if the storage did not answer
     */
    public static RecoveryChoice of(JobStore store, Optional<JobAttempt> last, StartingPoint wanted) {
        if (wanted instanceof At at) {
            return verified(store, at);
        }
        if (last.isEmpty()) {
            return empty();
        }
        if (wanted instanceof Latest) {
            return newestOf(store, last.get(), store.endOf(last.get()));
        }
        if (wanted instanceof AsItEnded) {
            return asItEnded(store, last.get());
        }
        return empty();
    }

    private static RecoveryChoice asItEnded(JobStore store, JobAttempt last) {
        Optional<AttemptEnd> end = store.endOf(last);
        if (end.isEmpty()) {
            return store.notes().isToBeCancelled(last) ? empty() : newestOf(store, last, end);
        }
        return switch (end.get().kind()) {
            case FINISHED, CANCELED -> empty();
            case STOPPED -> new RecoveryChoice(end.get().savepoint(), List.of());
            case FAILED, QUARANTINED, NOT_STARTED -> newestOf(store, last, end);
        };
    }

    private static RecoveryChoice newestOf(JobStore store, JobAttempt last, Optional<AttemptEnd> end) {
        Optional<String> savepoint = end.flatMap(AttemptEnd::savepoint);
        if (savepoint.isPresent()) {
            return new RecoveryChoice(savepoint, List.of());
        }
        CheckpointSearch.Result found = store.newestCheckpoint(last);
        // Its process may have died between the savepoint of a stop and the record of it.
        Optional<String> newest = Stream.of(found.newestComplete(), store.newestStopSavepoint(last))
                .flatMap(Optional::stream)
                .max(Comparator.comparingLong(CompletePoint::checkpointId))
                .map(CompletePoint::uri);
        return newest.isPresent()
                ? new RecoveryChoice(newest, found.passedOver())
                : whereItBegan(store, last, found.passedOver());
    }

    private static RecoveryChoice whereItBegan(JobStore store, JobAttempt last, List<String> damaged) {
        List<String> passedOver = new ArrayList<>(damaged);
        if (passedOver.isEmpty() && store.notes().hadCheckpoint(last)) {
            passedOver.add("every checkpoint of " + last.id() + " is gone from "
                    + store.checkpointsUri(last.job(), last.id()));
        }
        if (last.startingPoint().isPresent()) {
            requireComplete(store, last, last.startingPoint().get(), passedOver);
        } else if (!passedOver.isEmpty()) {
            throw noneLeft(store, last, passedOver);
        }
        return new RecoveryChoice(last.startingPoint(), passedOver);
    }

    private static void requireComplete(JobStore store, JobAttempt last, String point, List<String> passedOver) {
        List<String> damaged = new ArrayList<>(passedOver);
        try {
            Optional<String> defect = store.firstDefect(point);
            if (defect.isEmpty()) {
                return;
            }
            damaged.add(defect.get());
        } catch (CorruptCheckpointException | FileNotFoundException e) {
            damaged.add(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new StorageException(
                    "starting point " + point
                            + ": cannot be read (expected: an answer of the storage). Try again when it " + "answers: "
                            + e,
                    e);
        }
        throw noneLeft(store, last, damaged);
    }

    private static NoRecoveryPointException noneLeft(JobStore store, JobAttempt last, List<String> damaged) {
        return new NoRecoveryPointException(
                store.cluster(),
                "job \"" + last.job() + "\": no complete checkpoint of " + last.id()
                        + " is left (expected: one of those it completed, or its starting point). Repair the storage, or "
                        + "submit with StartingPoint.empty() or StartingPoint.at(…). Damaged or gone: "
                        + String.join("; ", damaged));
    }

    private static RecoveryChoice verified(JobStore store, At at) {
        try {
            Optional<String> defect = store.firstDefect(at.uri());
            if (defect.isEmpty()) {
                return new RecoveryChoice(Optional.of(at.uri()), List.of());
            }
            throw notThere(at, defect.get(), null);
        } catch (IOException | IllegalArgumentException e) {
            throw notThere(at, e.toString(), e);
        }
    }

    private static InvalidInputException notThere(At at, String defect, @Nullable Exception cause) {
        return InvalidInputException.of(
                        "starting point",
                        at.uri(),
                        "a complete checkpoint or savepoint",
                        "Name another one: " + defect + ".")
                .because(cause);
    }

    private static RecoveryChoice empty() {
        return new RecoveryChoice(Optional.empty(), List.of());
    }
}
