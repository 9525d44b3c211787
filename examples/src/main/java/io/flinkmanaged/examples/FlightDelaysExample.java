package io.flinkmanaged.examples;

import io.flinkmanaged.examples.ExampleOptions.BadOptionException;
import io.flinkmanaged.model.ManagedFlinkException;
import java.io.PrintStream;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Counts 20,000 real flights in a Flink cluster inside this JVM, kills a TaskManager under load, and shows that the
 * result is exact nevertheless.
 *
 * <p>Exit status: 0 if the result is right, 1 if it is not or the run failed, 2 for an option that means nothing.
 */
public final class FlightDelaysExample {

    private FlightDelaysExample() {}

    /** Runs the example; {@code --help} lists its options. */
    public static void main(String[] args) {
        // log4j2.properties reads it; so nothing before this line may log.
        System.setProperty(
                "flinkmanaged.examples.log",
                TargetDirectory.find().resolve("flight-delays.log").toString());
        int status = Interruption.guard(() -> run(List.of(args), System.out, System.err));
        if (status != 0) {
            System.exit(status);
        }
    }

    /**
     * Runs the example in this JVM.
     *
     * @param args the command line
     * @param out takes the story and the summary
     * @param err takes what went wrong, in a sentence; the log takes the rest
     * @return the exit status
     */
    static int run(List<String> args, PrintStream out, PrintStream err) {
        try {
            ExampleOptions options = ExampleOptions.parse(args);
            out.print(
                    options.help()
                            ? ExampleOptions.helpText()
                            : FlightDelaysRun.run(options, out).toText());
            return 0;
        } catch (BadOptionException e) {
            err.println(e.getMessage());
            return 2;
        } catch (WrongResultException | ManagedFlinkException e) {
            return failed(String.valueOf(e.getMessage()), e, err);
        } catch (Exception e) {
            return failed(e.toString(), e, err);
        }
    }

    private static int failed(String sentence, Exception cause, PrintStream err) {
        LoggerFactory.getLogger(FlightDelaysExample.class).error("The example failed.", cause);
        err.println("FAILED: " + sentence);
        err.println("More is in " + System.getProperty("flinkmanaged.examples.log", "the log") + ".");
        return 1;
    }
}
