package io.flinkmanaged.job;

import io.flinkmanaged.internal.Digests;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.Epoch;
import io.flinkmanaged.model.JobName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;

/**
 * One submission of a job: which epoch it ran in, and which it was there. Later attempts are greater.
 *
 * @param epoch the epoch
 * @param number counts a job's submissions in the epoch from 1
 */
public record AttemptId(Epoch epoch, int number) implements Comparable<AttemptId> {

    private static final Pattern FORM = Pattern.compile("epoch-([1-9]\\d{0,17})-attempt-([1-9]\\d{0,8})");
    private static final Comparator<AttemptId> ORDER =
            Comparator.comparing(AttemptId::epoch).thenComparingInt(AttemptId::number);

    /**
     * Reads what {@link #toString()} wrote.
     *
     * @param text the name of an attempt's directory
     * @return the id; empty if the text is something else
     */
    public static Optional<AttemptId> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(
                        new AttemptId(new Epoch(Long.parseLong(matcher.group(1))), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    /**
     * Returns Flink's id for the attempt: the same for the same attempt, so that Flink refuses a second submission, and
     * another for every other attempt, because Flink refuses an id that has ended.
     *
     * @param cluster the job's cluster
     * @param job the job
     */
    public JobID jobId(ClusterName cluster, JobName job) {
        return new JobID(Digests.sixteenBytes(
                List.of(cluster.value(), job.value(), Long.toString(epoch.number()), Integer.toString(number))));
    }

    @Override
    public int compareTo(AttemptId other) {
        return ORDER.compare(this, other);
    }

    /** Returns {@code epoch-2-attempt-1}: the name of the attempt's directory. */
    @Override
    public String toString() {
        return epoch + "-attempt-" + number;
    }
}
