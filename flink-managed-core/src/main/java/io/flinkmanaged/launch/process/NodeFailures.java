package io.flinkmanaged.launch.process;

import io.flinkmanaged.internal.Failures;
import io.flinkmanaged.launch.LaunchException;
import io.flinkmanaged.launch.process.NodeProcesses.Seat;
import io.flinkmanaged.model.Finding;

/** Says why something could not be done with an epoch's processes, what to do, and where to read more. */
final class NodeFailures {

    private final EpochHome home;
    private final NodeProcesses processes;

    NodeFailures(EpochHome home, NodeProcesses processes) {
        this.home = home;
        this.processes = processes;
    }

    /**
     * Says why something could not be done with a process, unless the cause has said so itself.
     *
     * @param done what it could not be, as {@code "replaced"}
     * @param expected what should be there now
     */
    LaunchException of(Seat seat, String done, String expected, Exception cause) {
        return of(seat, done, expected, "", cause);
    }

    /** Says so too, and with what words the dead have ended: who waited for this process may have waited for others. */
    LaunchException withLastWords(Seat seat, String done, String expected, Exception cause) {
        return of(seat, done, expected, lastWords(), cause);
    }

    private LaunchException of(Seat seat, String done, String expected, String lastWords, Exception cause) {
        if (cause instanceof LaunchException said) {
            return said;
        }
        Finding finding = new Finding(
                seat.node() + ": its " + seat.kind().directory() + " could not be " + done,
                Failures.rootCause(cause),
                expected,
                "Mend that, if it does not pass by itself, and try again, as the supervisor does. Its log is "
                        + home.logOf(seat) + ".");
        return new LaunchException(home.cluster().value(), finding + lastWords, cause);
    }

    /** Says why those are not there that jobs did not wait for. */
    LaunchException notReady(Exception cause) {
        String cluster = home.cluster().value();
        Finding finding = new Finding(
                "cluster " + cluster,
                Failures.rootCause(cause),
                "every process does its part",
                "It runs on without. Mend that; the logs are below " + home.directory() + ".");
        return new LaunchException(cluster, finding + lastWords(), cause);
    }

    /** Returns the last words of the dead, for whoever reads why a launch failed; nothing if nobody died. */
    String lastWords() {
        StringBuilder text = new StringBuilder();
        processes.deaths().forEach((seat, death) -> text.append('\n')
                .append(seat)
                .append(": ")
                .append(death.cause())
                .append(home.lastLines(
                        seat,
                        processes
                                .of(seat)
                                .map(HostProcess::startedAs)
                                .orElse(seat.kind().directory()))));
        return text.toString();
    }
}
