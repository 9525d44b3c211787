package io.flinkmanaged.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;

/**
 * The main class of a JVM that ends when the JVM which started it does, however that came: its standard input is a pipe that
 * nobody writes to, and the operating system closes it with the last who could.
 */
public final class DependentProcess {

    /** Its exit status then; that of a JVM that was asked to end. */
    public static final int STATUS = 143;

    private DependentProcess() {}

    /**
     * Watches from now on, and becomes another main class.
     *
     * @param arguments the main class; its arguments
     * @throws Throwable what the main class throws
     */
    public static void main(String[] arguments) throws Throwable {
        // What the process replaces later is its own affair.
        InputStream in = System.in;
        PrintStream err = System.err;
        Thread watch = new Thread(() -> awaitEnd(in, err), "end-of-embedder");
        watch.setDaemon(true);
        watch.start();
        MainClass.become(arguments);
    }

    /** Without shutdown hooks: nobody is left to wait for them, and a hook that hangs would keep the process for ever. */
    private static void awaitEnd(InputStream in, PrintStream err) {
        try {
            while (in.read() >= 0) {
                // Nobody writes; the end is what is awaited.
            }
            err.println("The JVM that started this one has ended: so does this one.");
        } catch (IOException e) {
            // As good as the end.
        } finally {
            Runtime.getRuntime().halt(STATUS);
        }
    }
}
