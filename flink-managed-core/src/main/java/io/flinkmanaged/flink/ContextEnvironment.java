package io.flinkmanaged.flink;

import java.util.function.Function;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What {@code StreamExecutionEnvironment.getExecutionEnvironment()} returns on the thread that runs a program.
 *
 * <p>Flink keeps the context both for the thread and for the whole JVM. Other threads are given what they would have
 * had without us, a local environment. A context that someone else installed for the whole JVM (Flink's own test
 * utilities do) is gone afterwards: Flink gives no way to read it.
 */
public final class ContextEnvironment extends StreamExecutionEnvironment {

    private ContextEnvironment() {
        super(new Configuration());
    }

    /**
     * Runs a piece of code in a context.
     *
     * @param environment returns the environment for the configuration that the program gave
     * @param program the code
     * @throws Exception what the code throws
     */
    public static void run(Function<Configuration, StreamExecutionEnvironment> environment, Program program)
            throws Exception {
        Thread owner = Thread.currentThread();
        initializeContextEnvironment(configuration -> Thread.currentThread() == owner
                ? environment.apply(configuration)
                : createLocalEnvironment(configuration));
        try {
            program.run();
        } finally {
            resetContextEnvironment();
        }
    }

    /** Code that may throw anything. */
    @FunctionalInterface
    public interface Program {

        /**
         * Runs it.
         *
         * @throws Exception anything
         */
        void run() throws Exception;
    }
}
