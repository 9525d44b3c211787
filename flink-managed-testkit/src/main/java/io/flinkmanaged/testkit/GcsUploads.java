package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.testkit.GcsContent.Checksums;
import io.flinkmanaged.testkit.GcsMultipart.Part;
import io.flinkmanaged.testkit.GcsObject.Attributes;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** Writes objects: by one request, or by a session of several. Thread-safe. */
final class GcsUploads {

    private static final Pattern RANGE = Pattern.compile("bytes (\\*|(\\d+)-(\\d+))/(\\*|\\d+)");

    private final GcsBuckets buckets;
    private final TimeSource time;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    GcsUploads(GcsBuckets buckets, TimeSource time) {
        this.buckets = buckets;
        this.time = time;
    }

    HttpAnswer atOnce(GcsCall call) {
        if (call.parameter("uploadType").equals(Optional.of("multipart"))) {
            List<Part> parts = GcsMultipart.parts(call);
            if (parts.size() != 2) {
                throw new GcsRefusal(400, "badContent", "A multipart upload has two parts.");
            }
            ObjectNode resource = GcsJson.read(parts.get(0).body());
            Part media = parts.get(1);
            return put(call, resource, media.header("content-type"), media.body());
        }
        return put(call, GcsJson.object(), call.header("content-type"), call.body());
    }

    /** Returns the name of the object that is written, which some clients tell in the body; empty if none is told. */
    static String nameIn(GcsCall call) {
        return call.parameter("name").orElseGet(() -> {
            try {
                return resourceIn(call).path("name").asString("");
            } catch (GcsRefusal malformed) {
                // Whoever carries it out refuses it.
                return "";
            }
        });
    }

    private static ObjectNode resourceIn(GcsCall call) {
        if (call.parameter("uploadType").equals(Optional.of("multipart"))) {
            List<Part> parts = GcsMultipart.parts(call);
            return parts.isEmpty()
                    ? GcsJson.object()
                    : GcsJson.read(parts.get(0).body());
        }
        boolean begins = call.operation() == GcsOperation.RESUMABLE_UPLOAD
                && call.parameter("upload_id").isEmpty();
        return begins ? GcsJson.read(call.inflatedBody()) : GcsJson.object();
    }

    private HttpAnswer put(GcsCall call, ObjectNode resource, Optional<String> mediaType, byte[] media) {
        GcsContent content = GcsContent.of(media);
        if (!resource.has("contentType")) {
            mediaType.ifPresent(type -> resource.put("contentType", type));
        }
        Checksums.of(resource).require(content);
        GcsObject object = buckets.put(
                call.bucket(), nameOf(call, resource), content, GcsJson.attributes(resource), GcsConditions.of(call));
        return GcsJson.answer(GcsJson.ofObject(object));
    }

    private static String nameOf(GcsCall call, ObjectNode resource) {
        return call.parameter("name").orElseGet(() -> resource.path("name").asString(""));
    }

    /** A step of a session. Begun with a POST, which answers with the session's address. */
    HttpAnswer step(GcsCall call, String endpoint) {
        Optional<String> id = call.parameter("upload_id");
        if (id.isEmpty()) {
            return begin(call, endpoint);
        }
        Session session = Optional.ofNullable(sessions.get(id.get()))
                .orElseThrow(() -> new GcsRefusal(404, "notFound", "No such upload session."));
        if (call.method().equals("DELETE")) {
            sessions.remove(id.get());
            return HttpAnswer.of(499, Map.of(), new byte[0]);
        }
        synchronized (session) {
            return proceed(session, call);
        }
    }

    private HttpAnswer begin(GcsCall call, String endpoint) {
        ObjectNode resource = GcsJson.read(call.inflatedBody());
        if (!resource.has("contentType")) {
            call.header("x-upload-content-type").ifPresent(type -> resource.put("contentType", type));
        }
        String name = nameOf(call, resource);
        // As Google does: a condition that fails already is told before the content is sent.
        GcsConditions conditions = GcsConditions.of(call);
        conditions.require(buckets.find(call.bucket(), name).orElse(null));
        String id = time.newId();
        sessions.put(
                id, new Session(call.bucket(), name, GcsJson.attributes(resource), Checksums.of(resource), conditions));
        String address = endpoint + "/upload/storage/v1/b/" + call.bucket() + "/o?uploadType=resumable&name="
                + URLEncoder.encode(name, UTF_8) + "&upload_id=" + id;
        return HttpAnswer.of(200, Map.of("Location", address, "X-GUploader-UploadID", id), new byte[0]);
    }

    private HttpAnswer proceed(Session session, GcsCall call) {
        if (session.finished.isPresent()) {
            return GcsJson.answer(GcsJson.ofObject(session.finished.get()));
        }
        Optional<String> header = call.header("content-range");
        if (header.isEmpty()) {
            session.received.reset();
            session.received.writeBytes(call.body());
            return finish(session);
        }
        Matcher range = RANGE.matcher(header.get());
        if (!range.matches()) {
            throw new GcsRefusal(400, "badRequest", "Failed to parse Content-Range header.");
        }
        if (range.group(2) != null) {
            receive(session, Long.parseLong(range.group(2)), Long.parseLong(range.group(3)), call.body());
        }
        boolean complete = !range.group(4).equals("*") && Long.parseLong(range.group(4)) == session.received.size();
        return complete ? finish(session) : howFar(session);
    }

    /** A client that does not know how far it came may send again what is there already. */
    private static void receive(Session session, long from, long to, byte[] chunk) {
        if (to - from + 1 != chunk.length) {
            throw new GcsRefusal(400, "badRequest", "The chunk is not as long as its Content-Range says.");
        }
        long known = session.received.size() - from;
        if (known < 0) {
            throw new GcsRefusal(503, "backendError", "The chunk does not follow the ones before.");
        }
        if (known < chunk.length) {
            session.received.write(chunk, (int) known, (int) (chunk.length - known));
        }
    }

    private HttpAnswer finish(Session session) {
        GcsContent content = GcsContent.of(session.received.toByteArray());
        session.checksums.require(content);
        GcsObject object = buckets.put(session.bucket, session.name, content, session.attributes, session.conditions);
        session.finished = Optional.of(object);
        session.received.reset();
        return GcsJson.answer(GcsJson.ofObject(object));
    }

    private static HttpAnswer howFar(Session session) {
        int length = session.received.size();
        return HttpAnswer.of(308, length == 0 ? Map.of() : Map.of("Range", "bytes=0-" + (length - 1)), new byte[0]);
    }

    /** An upload by several requests; guarded by itself. */
    private static final class Session {

        private final String bucket;
        private final String name;
        private final Attributes attributes;
        private final Checksums checksums;
        private final GcsConditions conditions;
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private Optional<GcsObject> finished = Optional.empty();

        private Session(
                String bucket, String name, Attributes attributes, Checksums checksums, GcsConditions conditions) {
            this.bucket = bucket;
            this.name = name;
            this.attributes = attributes;
            this.checksums = checksums;
            this.conditions = conditions;
        }
    }
}
