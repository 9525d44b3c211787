package io.flinkmanaged.node;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

/** The main class that another one becomes when it has done its part. */
final class MainClass {

    private MainClass() {}

    /**
     * Calls it, and returns when it does.
     *
     * @param command the main class; its arguments
     * @throws Throwable what it throws
     */
    static void become(String[] command) throws Throwable {
        Method main = Class.forName(command[0]).getMethod("main", String[].class);
        try {
            main.invoke(null, (Object) Arrays.copyOfRange(command, 1, command.length));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
