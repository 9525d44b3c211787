package io.flinkmanaged.gcp;

import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.bucket.BucketObjects;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/** A bucket's objects by their keys, by GCS's JSON interface. */
final class GcsObjects implements BucketObjects {

    private static final String WRITER = "flink-managed-writer";
    private static final String BOUNDARY = "flink-managed-part";
    private static final int PAGE = 1000;

    private final GcsSettings gcs;
    private final GcsClient client;
    private final String writer;
    private final AtomicLong written = new AtomicLong();

    /**
     * Creates it.
     *
     * @param writer a text that nobody else has
     */
    GcsObjects(GcsSettings gcs, GcsClient client, String writer) {
        this.gcs = gcs;
        this.client = client;
        this.writer = writer;
    }

    @Override
    public Optional<byte[]> read(String key) {
        for (int tries = 0; true; tries++) {
            GcsAnswer answer = client.send(
                    GcsAction.READ,
                    key,
                    () -> client.request("/download", "/o/" + GcsClient.encode(key), "?alt=media"));
            if (answer.isAbsence()) {
                return Optional.empty();
            }
            if (!answer.isSuccess()) {
                throw client.refuse(GcsAction.READ, key, answer);
            }
            if (answer.isUnharmed()) {
                return Optional.of(answer.body());
            }
            if (tries == client.retries()) {
                throw refuse(key, GcsRefusal.changedContent());
            }
        }
    }

    @Override
    public void write(String key, byte[] content) {
        GcsAnswer unused = client.require(
                GcsAction.WRITE,
                key,
                upload(key, "", GcsAnswer.crc32c(content), "", () -> BodyPublishers.ofByteArray(content)));
    }

    @Override
    public boolean createIfAbsent(String key, byte[] content) {
        return createIfAbsent(key, GcsAnswer.crc32c(content), () -> BodyPublishers.ofByteArray(content));
    }

    @Override
    public boolean createIfAbsent(String key, Path content) {
        return createIfAbsent(key, checksum(content), () -> {
            try {
                return BodyPublishers.ofFile(content);
            } catch (FileNotFoundException e) {
                throw unreadable(content, e);
            }
        });
    }

    /**
     * A request whose answer was lost is sent again, and finds the object that it created itself. So each call writes a mark
     * of its own beside the content, and looks at the mark before it says that another was first.
     */
    private boolean createIfAbsent(String key, String checksum, Supplier<BodyPublisher> content) {
        String mark = writer + "-" + written.incrementAndGet();
        GcsAnswer answer =
                client.send(GcsAction.CREATE, key, upload(key, "&ifGenerationMatch=0", checksum, mark, content));
        if (answer.status() == 412) {
            return mark.equals(markOf(key));
        }
        if (!answer.isSuccess()) {
            throw client.refuse(GcsAction.CREATE, key, answer);
        }
        return true;
    }

    @Override
    public boolean exists(String key) {
        return metadata(key, "name").isPresent();
    }

    @Override
    public List<String> children(String prefix) {
        List<String> names = new ArrayList<>();
        list(prefix, "&delimiter=%2F", page -> {
            items(page, "items")
                    .forEach(object -> names.add(text(object, "name").substring(prefix.length())));
            if (page.get("prefixes") instanceof List<?> directories) {
                directories.stream()
                        .map(String::valueOf)
                        .forEach(below -> names.add(below.substring(prefix.length(), below.length() - 1)));
            }
        });
        // Neither a directory's own marker, nor what is hidden: the preflight of another process.
        return names.stream()
                .filter(name -> !name.isEmpty() && !name.startsWith("."))
                .sorted()
                .distinct()
                .toList();
    }

    @Override
    public void list(String prefix, Consumer<StoredObject> objects) {
        list(prefix, "", page -> items(page, "items")
                .forEach(object -> objects.accept(new StoredObject(
                        text(object, "name"),
                        Long.parseLong(text(object, "size")),
                        Instant.parse(text(object, "updated"))))));
    }

    private void list(String prefix, String delimiter, Consumer<Map<String, Object>> pages) {
        String query = "?prefix=" + GcsClient.encode(prefix) + delimiter + "&maxResults=" + PAGE
                + "&prettyPrint=false&fields=nextPageToken,prefixes,items(name,size,updated)";
        Optional<String> next = Optional.empty();
        do {
            String from =
                    next.map(token -> "&pageToken=" + GcsClient.encode(token)).orElse("");
            GcsAnswer answer = client.require(GcsAction.LIST, prefix, () -> client.request("", "/o", query + from));
            Map<String, Object> page = jsonOf(prefix, answer);
            pages.accept(page);
            next = Optional.ofNullable(page.get("nextPageToken")).map(String::valueOf);
        } while (next.isPresent());
    }

    @Override
    public void delete(List<String> keys) {
        new GcsDeletion(gcs, client).of(keys);
    }

    private String markOf(String key) {
        return metadata(key, "metadata")
                .map(object -> object.get("metadata"))
                .filter(Map.class::isInstance)
                .map(marks -> String.valueOf(((Map<?, ?>) marks).get(WRITER)))
                // It was there and is deleted now, or is another program's; this call created nothing that lasts.
                .orElse("");
    }

    private Optional<Map<String, Object>> metadata(String key, String fields) {
        GcsAnswer answer = client.send(
                GcsAction.READ, key, () -> client.request("", "/o/" + GcsClient.encode(key), "?fields=" + fields));
        if (answer.isAbsence()) {
            return Optional.empty();
        }
        if (!answer.isSuccess()) {
            throw client.refuse(GcsAction.READ, key, answer);
        }
        return Optional.of(jsonOf(key, answer));
    }

    /** Metadata and content in one request; the checksum lets GCS refuse what was changed on its way. */
    private Supplier<HttpRequest.Builder> upload(
            String key, String condition, String checksum, String mark, Supplier<BodyPublisher> content) {
        String metadata = "{\"name\":" + quoted(key) + ",\"crc32c\":" + quoted(checksum)
                + (mark.isEmpty() ? "" : ",\"metadata\":{" + quoted(WRITER) + ":" + quoted(mark) + "}") + "}";
        String head = "--" + BOUNDARY + "\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n" + metadata
                + "\r\n--" + BOUNDARY + "\r\nContent-Type: application/octet-stream\r\n\r\n";
        String tail = "\r\n--" + BOUNDARY + "--\r\n";
        return () -> client.request(
                        "/upload",
                        "/o",
                        "?uploadType=multipart&fields=generation&name=" + GcsClient.encode(key) + condition)
                .header("Content-Type", "multipart/related; boundary=" + BOUNDARY)
                .POST(BodyPublishers.concat(
                        BodyPublishers.ofString(head), content.get(), BodyPublishers.ofString(tail)));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static String checksum(Path content) {
        CRC32C sum = new CRC32C();
        byte[] buffer = new byte[1 << 16];
        try (InputStream file = Files.newInputStream(content)) {
            for (int read = file.read(buffer); read >= 0; read = file.read(buffer)) {
                sum.update(buffer, 0, read);
            }
            return GcsAnswer.encoded(sum);
        } catch (IOException e) {
            throw unreadable(content, e);
        }
    }

    private static StorageException unreadable(Path content, IOException e) {
        return new StorageException(
                "file " + content + ": cannot be read (expected: an artifact to store). Look at it: " + e, e);
    }

    private Map<String, Object> jsonOf(String key, GcsAnswer answer) {
        try {
            return answer.json();
        } catch (InvalidInputException e) {
            throw refuse(
                    key,
                    new Finding(
                            "answer of " + gcs.server(),
                            "not JSON",
                            "GCS's JSON interface",
                            "Something else answers: look at the endpoint and at proxies between."));
        }
    }

    private StorageException refuse(String key, Finding finding) {
        return new StorageException("storage " + gcs.address().uriOfKey(key) + ": " + finding, null);
    }

    private static List<Map<?, ?>> items(Map<String, Object> page, String name) {
        List<Map<?, ?>> items = new ArrayList<>();
        if (page.get(name) instanceof List<?> all) {
            all.forEach(item -> items.add((Map<?, ?>) item));
        }
        return items;
    }

    private static String text(Map<?, ?> object, String field) {
        return String.valueOf(object.get(field));
    }
}
