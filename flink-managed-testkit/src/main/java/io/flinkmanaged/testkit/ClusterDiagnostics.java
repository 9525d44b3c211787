package io.flinkmanaged.testkit;

import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.launch.ClusterObservation;
import io.flinkmanaged.model.Redaction;
import io.flinkmanaged.supervise.Health;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * What was known of a cluster when its test failed, without secrets. Suppressed in the test's failure, so that whatever prints
 * that prints this.
 */
final class ClusterDiagnostics extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int MOST_EVENTS = 100;

    private ClusterDiagnostics(String text) {
        super(Redaction.hide(text), null, false, false);
    }

    /** Puts them into a failure, and among what JUnit publishes. A test that was given up on purpose needs none. */
    static void attach(ExtensionContext context, ClusterFixture fixture, Throwable failure) {
        if (failure instanceof TestAbortedException) {
            return;
        }
        ClusterDiagnostics diagnostics;
        try {
            diagnostics = of(fixture);
        } catch (RuntimeException e) {
            // The test's own failure is the one that must be told.
            failure.addSuppressed(e);
            return;
        }
        failure.addSuppressed(diagnostics);
        try {
            context.publishReportEntry("cluster", diagnostics.text());
            context.publishFile(
                    "cluster.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, diagnostics.text()));
        } catch (RuntimeException e) {
            // Whoever runs the tests has no place for files; the failure carries it all.
            return;
        }
    }

    /** Of a cluster that could not be started. */
    static ClusterDiagnostics ofStart(EventDiary diary, Path directory) {
        return new ClusterDiagnostics("the cluster could not be started" + events(diary) + logs(directory));
    }

    private static ClusterDiagnostics of(ClusterFixture fixture) {
        Health health = fixture.cluster().health();
        return new ClusterDiagnostics("cluster " + fixture.cluster().name() + ": " + health.state() + ", "
                + health.reason() + observed(fixture) + events(fixture.diary()) + logs(fixture.directory()));
    }

    private static String observed(ClusterFixture fixture) {
        try {
            return "\nobserved: " + text(fixture.cluster().observe());
        } catch (RuntimeException e) {
            return "\nnot observed: " + Failures.rootCause(e);
        }
    }

    private static String text(ClusterObservation seen) {
        StringBuilder text = new StringBuilder(seen.liveness() + " " + seen.detail());
        seen.taskManagers().forEach(one -> text.append("\n  TaskManager of ")
                .append(one.node())
                .append(one.death().map(death -> " died: " + death.cause()).orElse(" lives")));
        seen.lost().forEach(one -> text.append("\n  ")
                .append(one.kind().directory() + " of " + one.node() + " died: ")
                .append(one.death().cause()));
        seen.hung().forEach(one -> text.append("\n  ")
                .append(one.kind().directory() + " of " + one.node() + " hangs: ")
                .append(one.evidence()));
        seen.silent().forEach(one -> text.append("\n  ")
                .append(one.kind().directory() + " of " + one.node() + " does not do its part: ")
                .append(one.evidence()));
        seen.jobs().forEach(job -> text.append("\n  job \"" + job.name() + "\" " + job.status() + ": ")
                .append(job.runningOrFinished() + " of " + job.tasks() + " tasks run or have finished"));
        return text.toString();
    }

    private static String events(EventDiary diary) {
        List<ClusterEvent> all = diary.all();
        List<ClusterEvent> last = all.subList(Math.max(0, all.size() - MOST_EVENTS), all.size());
        return last.isEmpty()
                ? "\nno events"
                : "\nevents, since " + last.get(0).at() + ":\n"
                        + EventDiary.timeline(last, last.get(0).at());
    }

    private static String logs(Path directory) {
        StringBuilder text = new StringBuilder();
        LogTails.below(directory).forEach((file, lines) -> {
            text.append("\nlast lines of ").append(directory.relativize(file)).append(':');
            lines.forEach(line -> text.append("\n  ").append(line));
        });
        return text.toString();
    }

    private String text() {
        return String.valueOf(getMessage());
    }
}
