package io.flinkmanaged.gcp;

import io.flinkmanaged.flink.FileSystemPlugin;
import io.flinkmanaged.gcp.GcsSettings.CredentialKind;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tokens for requests of ours, by Google's own library, which comes with the connector: reached by reflection, because it is
 * in the connector's class loader and nowhere else. Thread-safe; it renews a token before it ends.
 */
final class GcsTokens {

    private static final String SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";
    private static final String CREDENTIALS = "com.google.auth.oauth2.GoogleCredentials";

    private final @Nullable Object googles;

    private GcsTokens(@Nullable Object googles) {
        this.googles = googles;
    }

    /**
     * Prepares credentials; nothing is asked yet.
     *
     * @throws IOException if Google's library refuses them
     */
    static GcsTokens of(GcsCredentials credentials, FileSystemPlugin connector) throws IOException {
        if (credentials.kind() == CredentialKind.NONE) {
            return new GcsTokens(null);
        }
        try (Context unused = Context.of(connector)) {
            if (credentials.file().isEmpty()) {
                return new GcsTokens(call(
                        connector.classes().loadClass("com.google.auth.oauth2.ComputeEngineCredentials"),
                        "create",
                        null));
            }
            try (InputStream file = Files.newInputStream(credentials.file().get())) {
                Class<?> type = connector.classes().loadClass(CREDENTIALS);
                Object read = invoke(type.getMethod("fromStream", InputStream.class), null, file);
                return new GcsTokens(invoke(type.getMethod("createScoped", Collection.class), read, List.of(SCOPE)));
            }
        } catch (ReflectiveOperationException e) {
            throw changed(e);
        }
    }

    /**
     * Returns a token that is valid for some minutes, or none where none is needed.
     *
     * @throws IOException if nobody gives one
     */
    Optional<String> token() throws IOException {
        if (googles == null) {
            return Optional.empty();
        }
        try (Context unused = new Context(googles.getClass().getClassLoader())) {
            Class<?> type = googles.getClass().getClassLoader().loadClass("com.google.auth.oauth2.OAuth2Credentials");
            Object unusedAnswer = call(type, "refreshIfExpired", googles);
            Object token = call(type, "getAccessToken", googles);
            return Optional.of(String.valueOf(call(token.getClass(), "getTokenValue", token)));
        } catch (ReflectiveOperationException e) {
            throw changed(e);
        }
    }

    /** Hides everything. */
    @Override
    public String toString() {
        return "…";
    }

    private static Object call(Class<?> type, String method, @Nullable Object on)
            throws ReflectiveOperationException, IOException {
        return invoke(type.getMethod(method), on);
    }

    private static Object invoke(Method method, @Nullable Object on, Object... arguments)
            throws ReflectiveOperationException, IOException {
        try {
            Object answer = method.invoke(on, arguments);
            return answer == null ? "" : answer;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IOException refused) {
                throw refused;
            }
            throw new IOException("Google's library refused the credentials", e.getCause());
        }
    }

    private static IllegalStateException changed(ReflectiveOperationException e) {
        return new IllegalStateException("The connector in this jar has another library than it was built with.", e);
    }

    /** The connector's class loader for this thread, while its code runs. */
    private static final class Context implements AutoCloseable {

        private final ClassLoader former = Thread.currentThread().getContextClassLoader();

        Context(ClassLoader classes) {
            Thread.currentThread().setContextClassLoader(classes);
        }

        static Context of(FileSystemPlugin connector) {
            return new Context(connector.classes());
        }

        @Override
        public void close() {
            Thread.currentThread().setContextClassLoader(former);
        }
    }
}
