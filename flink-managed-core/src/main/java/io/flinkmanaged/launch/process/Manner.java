package io.flinkmanaged.launch.process;

import io.flinkmanaged.render.RenderedProcess.Kind;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * How the processes of an epoch are started and ended, beside what is rendered.
 *
 * @param arguments of the JVM of each kind; what is rendered wins
 * @param inBackground whether they give way to everybody else on their host
 * @param endsWithin how long one may take to end before it is killed
 */
record Manner(Function<Kind, List<String>> arguments, boolean inBackground, Duration endsWithin) {

    /** So long processes that are asked to end may take, to hand over what they hold. */
    static final Duration DRAINED_WITHIN = Duration.ofSeconds(10);

    private static final Duration DUMPED_WITHIN = Duration.ofMinutes(3);

    /** With the archives that there are by then. */
    static Manner usual(ClassArchives archives) {
        return new Manner(archives::arguments, false, DRAINED_WITHIN);
    }

    /** Each process writes its archive when it ends. */
    static Manner training(ClassArchives archives) {
        return new Manner(archives::recording, true, DUMPED_WITHIN);
    }
}
