package io.flinkmanaged.config;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.FallbackKey;

/** Reads every {@code ConfigOption} constant of the Flink jars on the class path: what the catalogue is made from. */
final class FlinkOptionsOnClassPath {

    private FlinkOptionsOnClassPath() {}

    /** Returns the lines of the catalogue: key, type, default and, of a former name, the present one; ordered by key. */
    static List<String> catalogueLines() throws IOException, ReflectiveOperationException {
        SortedMap<String, String> lines = new TreeMap<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            File jar = new File(entry);
            if (jar.getName().startsWith("flink-") && jar.getName().endsWith(".jar")) {
                for (ConfigOption<?> option : optionsOf(jar)) {
                    add(lines, option);
                }
            }
        }
        return List.copyOf(lines.values());
    }

    private static void add(SortedMap<String, String> lines, ConfigOption<?> option)
            throws ReflectiveOperationException {
        String type = typeOf(option);
        lines.put(option.key(), String.join("\t", option.key(), type, defaultOf(option)));
        for (FallbackKey fallback : option.fallbackKeys()) {
            lines.putIfAbsent(fallback.getKey(), String.join("\t", fallback.getKey(), type, "", option.key()));
        }
    }

    private static List<ConfigOption<?>> optionsOf(File jar) throws IOException, ReflectiveOperationException {
        List<ConfigOption<?>> options = new ArrayList<>();
        try (JarFile file = new JarFile(jar)) {
            List<String> names = file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith("org/apache/flink/") && name.endsWith(".class"))
                    .filter(name -> name.contains("Option") || name.contains("Config"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
            for (String name : names) {
                options.addAll(optionsOf(Class.forName(name, false, FlinkOptionsOnClassPath.class.getClassLoader())));
            }
        }
        return options;
    }

    private static List<ConfigOption<?>> optionsOf(Class<?> type) throws ReflectiveOperationException {
        List<ConfigOption<?>> options = new ArrayList<>();
        for (Field field : fieldsOf(type)) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigOption.class) {
                field.setAccessible(true);
                if (field.get(null) instanceof ConfigOption<?> option) {
                    options.add(option);
                }
            }
        }
        return options;
    }

    /** A class that needs a library which is not here (Hadoop) holds no option that could be used here. */
    private static Field[] fieldsOf(Class<?> type) {
        try {
            return type.getDeclaredFields();
        } catch (NoClassDefFoundError e) {
            return new Field[0];
        }
    }

    private static String typeOf(ConfigOption<?> option) throws ReflectiveOperationException {
        Method isList = ConfigOption.class.getDeclaredMethod("isList");
        isList.setAccessible(true);
        Method clazz = ConfigOption.class.getDeclaredMethod("getClazz");
        clazz.setAccessible(true);
        Class<?> type = (Class<?>) clazz.invoke(option);
        if (isList.invoke(option).equals(true)) {
            return "List<" + type.getSimpleName() + ">";
        }
        return type.isEnum() ? type.getSimpleName() + namesOf(type) : type.getSimpleName();
    }

    /** As Flink compares them: by what the constants call themselves. */
    private static String namesOf(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(String::valueOf).collect(Collectors.joining("|", "(", ")"));
    }

    /** A default that depends on the machine (a time zone, a temporary directory) is not a fact about Flink. */
    private static String defaultOf(ConfigOption<?> option) {
        if (!option.hasDefaultValue()
                || option.key().equals("io.tmp.dirs")
                || option.key().equals("web.tmpdir")) {
            return "";
        }
        String text = textOf(option);
        return text.contains("\n") || text.contains("\t") || text.contains("/tmp") ? "" : text;
    }

    private static <T> String textOf(ConfigOption<T> option) {
        Configuration one = new Configuration();
        one.set(option, option.defaultValue());
        return one.toMap().getOrDefault(option.key(), "");
    }
}
