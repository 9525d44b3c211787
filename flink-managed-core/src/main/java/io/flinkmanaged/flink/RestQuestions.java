package io.flinkmanaged.flink;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.apache.flink.api.common.JobID;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/** Asks Flink's REST interface what only it tells. Blocks for a bounded time; keeps no thread and no connection. */
public final class RestQuestions {

    private static final int MILLIS = (int) Duration.ofSeconds(10).toMillis();

    private final URI rest;
    private final Optional<SSLContext> identity;

    /**
     * Creates it for one interface that asks nobody who he is.
     *
     * @param rest its address
     */
    public RestQuestions(URI rest) {
        this(rest, Optional.empty());
    }

    /**
     * Creates it for one interface.
     *
     * @param rest its address
     * @param identity what is shown to an {@code https} interface, and whom to trust there; empty for {@code http}
     */
    public RestQuestions(URI rest, Optional<SSLContext> identity) {
        this.rest = rest;
        this.identity = identity;
    }

    /**
     * Returns the JobManager's configuration.
     *
     * @return values by keys; a value that Flink takes for a secret is six asterisks
     * @throws IOException if it does not answer
     */
    public SortedMap<String, String> jobManagerConfiguration() throws IOException {
        SortedMap<String, String> configuration = new TreeMap<>();
        ask("/jobmanager/config")
                .forEach(entry -> configuration.put(
                        entry.path("key").asText(), entry.path("value").asText()));
        return configuration;
    }

    /**
     * Returns the resource ids of the TaskManagers.
     *
     * @throws IOException if it does not answer
     */
    public List<String> taskManagers() throws IOException {
        List<String> ids = new ArrayList<>();
        ask("/taskmanagers")
                .path("taskmanagers")
                .forEach(one -> ids.add(one.path("id").asText()));
        return ids;
    }

    /**
     * Returns what Flink tells of a TaskManager's configuration: its slots, and the sizes that it was started with.
     *
     * @param resourceId Flink's id of it
     * @throws IOException if it does not answer, or there is none of that id
     */
    public SortedMap<String, String> taskManagerConfiguration(String resourceId) throws IOException {
        JsonNode answer = ask("/taskmanagers/" + resourceId);
        SortedMap<String, String> configuration = new TreeMap<>();
        int slots = answer.path("slotsNumber").asInt();
        // No TaskManager is without slots: one has registered, and its report of them is still to come.
        if (slots > 0) {
            configuration.put("taskmanager.numberOfTaskSlots", String.valueOf(slots));
        }
        JsonNode memory = answer.path("memoryConfiguration");
        putSize(configuration, memory, "frameworkHeap", "taskmanager.memory.framework.heap.size");
        putSize(configuration, memory, "taskHeap", "taskmanager.memory.task.heap.size");
        putSize(configuration, memory, "frameworkOffHeap", "taskmanager.memory.framework.off-heap.size");
        putSize(configuration, memory, "taskOffHeap", "taskmanager.memory.task.off-heap.size");
        putSize(configuration, memory, "networkMemory", "taskmanager.memory.network.max");
        putSize(configuration, memory, "managedMemory", "taskmanager.memory.managed.size");
        putSize(configuration, memory, "jvmMetaspace", "taskmanager.memory.jvm-metaspace.size");
        putSize(configuration, memory, "totalFlinkMemory", "taskmanager.memory.flink.size");
        putSize(configuration, memory, "totalProcessMemory", "taskmanager.memory.process.size");
        return configuration;
    }

    /**
     * Returns what a job's tasks have done, all of them together, by the names that Flink gives it, such as
     * {@code read-records}.
     *
     * @param jobId Flink's id of the job
     * @throws IOException if it does not answer, or there is no such job
     */
    public Map<String, Long> totalsOf(JobID jobId) throws IOException {
        Map<String, Long> totals = new TreeMap<>();
        for (JsonNode vertex : ask("/jobs/" + jobId).path("vertices")) {
            vertex.path("metrics").properties().forEach(metric -> {
                if (metric.getValue().isNumber()) {
                    totals.merge(metric.getKey(), metric.getValue().asLong(), Long::sum);
                }
            });
        }
        return totals;
    }

    private static void putSize(SortedMap<String, String> configuration, JsonNode memory, String field, String key) {
        JsonNode size = memory.path(field);
        if (size.isNumber()) {
            configuration.put(key, size.asLong() + "b");
        }
    }

    /**
     * Returns when it answers anything, be it that nobody leads.
     *
     * @param within how long it may take to connect, and again to answer
     * @throws IOException if it does not; a {@code SocketTimeoutException} is in its causes if it lets everybody wait
     */
    public void requireAnswer(Duration within) throws IOException {
        HttpURLConnection connection = open("/config", (int) within.toMillis());
        try {
            int unused = connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }

    private JsonNode ask(String path) throws IOException {
        HttpURLConnection connection = open(path, MILLIS);
        try (InputStream answer = connection.getInputStream()) {
            return new ObjectMapper().readTree(answer);
        } finally {
            connection.disconnect();
        }
    }

    private HttpURLConnection open(String path, int millis) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) rest.resolve(path).toURL().openConnection();
        if (connection instanceof HttpsURLConnection encrypted) {
            identity.map(SSLContext::getSocketFactory).ifPresent(encrypted::setSSLSocketFactory);
        }
        connection.setConnectTimeout(millis);
        connection.setReadTimeout(millis);
        connection.setRequestProperty("Connection", "close");
        return connection;
    }
}
