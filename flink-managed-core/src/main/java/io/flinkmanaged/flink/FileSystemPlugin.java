package io.flinkmanaged.flink;

import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Iterator;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.PluginFileSystemFactory;
import org.apache.flink.core.plugin.PluginDescriptor;
import org.apache.flink.core.plugin.PluginLoader;
import org.apache.flink.util.TemporaryClassLoaderContext;
import org.apache.flink.util.WrappingProxy;

/**
 * A file system of Flink in a class loader of its own, as Flink loads its plug-ins: the jar sees Flink and the logging of the
 * JVM and nothing else, and nobody sees the jar. Thread-safe. Stays as long as the JVM: what is in such jars has threads that
 * end with it.
 */
public final class FileSystemPlugin {

    private final URLClassLoader classes;
    private final PluginLoader loader;

    private FileSystemPlugin(String name, URLClassLoader classes) {
        this.classes = classes;
        this.loader = new PluginLoader(name, classes);
    }

    /**
     * Loads a plug-in.
     *
     * @param name of the plug-in, for Flink's messages
     * @param jar everything that the file system needs besides Flink
     */
    public static FileSystemPlugin load(String name, Path jar) {
        try {
            PluginDescriptor descriptor =
                    new PluginDescriptor(name, new URL[] {jar.toUri().toURL()}, new String[0]);
            return new FileSystemPlugin(
                    name,
                    PluginLoader.createPluginClassLoader(
                            descriptor,
                            FileSystem.class.getClassLoader(),
                            CoreOptions.getPluginParentFirstLoaderPatterns(new Configuration())));
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("Not a file: " + jar, e);
        }
    }

    /** Returns the plug-in's classes, with which the context of a thread must be set while code of it runs. */
    public ClassLoader classes() {
        return classes;
    }

    /**
     * Opens an instance of the plug-in's one file system, which sets and resets the thread's context class loader by itself.
     *
     * @param configuration for this instance alone
     * @param uri scheme and authority
     * @throws IOException if the file system cannot be opened
     */
    public FileSystem open(Configuration configuration, URI uri) throws IOException {
        try (TemporaryClassLoaderContext unused = TemporaryClassLoaderContext.of(classes)) {
            FileSystemFactory factory = newFactory();
            factory.configure(configuration);
            return PluginFileSystemFactory.of(factory).create(uri);
        }
    }

    private FileSystemFactory newFactory() throws IOException {
        Iterator<FileSystemFactory> found = loader.load(FileSystemFactory.class);
        while (found.hasNext()) {
            FileSystemFactory factory = found.next();
            // The service loader sees those of the JVM, too.
            if (factory.getClass().getClassLoader() == classes) {
                return factory;
            }
        }
        throw new IOException("No file system factory in the plug-in " + loader);
    }

    /**
     * Closes an instance that stands on one of Hadoop's, whose type is the plug-in's own.
     *
     * @param files an instance that {@link #open} returned
     * @throws IOException if it was not closed cleanly
     */
    @SuppressWarnings("unchecked")
    public void closeHadoops(FileSystem files) throws IOException {
        FileSystem own = ((WrappingProxy<FileSystem>) files).getWrappedDelegate();
        try (TemporaryClassLoaderContext unused = TemporaryClassLoaderContext.of(classes)) {
            ((Closeable) hadoopsOf(own)).close();
        } catch (ReflectiveOperationException e) {
            throw new IOException("Not a file system on one of Hadoop's: " + own.getClass(), e);
        }
    }

    /** By a public class above the instance's own, under whatever name the plug-in has it. */
    private static Object hadoopsOf(FileSystem own) throws ReflectiveOperationException {
        Class<?> type = own.getClass();
        while (!Modifier.isPublic(type.getModifiers())) {
            type = type.getSuperclass();
        }
        return type.getMethod("getHadoopFileSystem").invoke(own);
    }
}
