package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is logged in this JVM while it is open, by every library, for tests that look for what must not be there:
 * what goes to Log4j 2, in the contexts of plug-ins too, and to the JDK's logging from INFO on.
 *
 * <p>Needs Log4j 2 behind SLF4J, with a console appender that follows {@code System.out} ({@code follow = true}), which this
 * takes the place of meanwhile: what else is printed there is a line, too. A context that comes to be later logs at its own
 * level, so load a plug-in before. One at a time in a JVM; the creator closes it, and the root level is WARN after that.
 */
public final class LoggedLines implements AutoCloseable {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, UTF_8);
    private final PrintStream before = System.out;
    private final Handler jdks = new ToThisLog();

    /**
     * Begins to listen.
     *
     * @param level Log4j's word for the least level, such as {@code DEBUG}
     * @return the log; the caller closes it
     * @throws ReflectiveOperationException if Log4j 2 is not there
     */
    public static LoggedLines from(String level) throws ReflectiveOperationException {
        LoggedLines log = new LoggedLines();
        System.setOut(log.out);
        setRootLevel(level);
        Logger.getLogger("").addHandler(log.jdks);
        return log;
    }

    /**
     * In every context, as Log4j has one of its own for the class loader of a plug-in. By reflection: javac misses
     * annotations of Log4j's packages, and a warning is an error here.
     */
    private static void setRootLevel(String name) throws ReflectiveOperationException {
        Class<?> level = Class.forName("org.apache.logging.log4j.Level");
        Object factory = call(Class.forName("org.apache.logging.log4j.LogManager"), null, "getFactory");
        for (Object context : (List<?>) call(call(factory, "getSelector"), "getLoggerContexts")) {
            Object root = call(call(context, "getConfiguration"), "getRootLogger");
            root.getClass()
                    .getMethod("setLevel", level)
                    .invoke(root, level.getField(name).get(null));
            context.getClass().getMethod("updateLoggers").invoke(context);
        }
    }

    private static Object call(Object on, String method) throws ReflectiveOperationException {
        return call(on.getClass(), on, method);
    }

    private static Object call(Class<?> type, @Nullable Object on, String method) throws ReflectiveOperationException {
        return Objects.requireNonNull(type.getMethod(method).invoke(on));
    }

    /** Returns what was logged so far. */
    public List<String> lines() {
        return bytes.toString(UTF_8).lines().toList();
    }

    @Override
    public void close() throws ReflectiveOperationException {
        Logger.getLogger("").removeHandler(jdks);
        setRootLevel("WARN");
        System.setOut(before);
    }

    private final class ToThisLog extends Handler {

        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
            out.println(formatter.format(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
