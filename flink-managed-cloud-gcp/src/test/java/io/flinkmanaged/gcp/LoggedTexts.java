package io.flinkmanaged.gcp;

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
 * Everything that is logged from INFO on, by Flink, whose appender in tests follows {@code System.out}, and by Google's
 * classes, which use the JDK's logging.
 */
final class LoggedTexts implements AutoCloseable {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, UTF_8);
    private final PrintStream before = System.out;
    private final Handler jdks = new ToThisLog();

    static LoggedTexts begin() throws ReflectiveOperationException {
        LoggedTexts log = new LoggedTexts();
        System.setOut(log.out);
        setRootLevel("INFO");
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

    List<String> lines() {
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
