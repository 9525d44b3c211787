package io.flinkmanaged.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** Everything that is logged from DEBUG on, of every library: the tests' console appender follows {@code System.out}. */
final class LoggedLines implements AutoCloseable {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream before = System.out;

    private LoggedLines() {}

    static LoggedLines begin() throws ReflectiveOperationException {
        LoggedLines log = new LoggedLines();
        System.setOut(new PrintStream(log.bytes, true, UTF_8));
        setRootLevel("DEBUG");
        return log;
    }

    /** By reflection: javac misses annotations of Log4j's packages, and a warning is an error here. */
    private static void setRootLevel(String name) throws ReflectiveOperationException {
        Class<?> level = Class.forName("org.apache.logging.log4j.Level");
        Class.forName("org.apache.logging.log4j.core.config.Configurator")
                .getMethod("setRootLevel", level)
                .invoke(null, level.getField(name).get(null));
    }

    List<String> lines() {
        return bytes.toString(UTF_8).lines().toList();
    }

    @Override
    public void close() throws ReflectiveOperationException {
        setRootLevel("WARN");
        System.setOut(before);
    }
}
