package io.flinkmanaged.testkit;

import io.flinkmanaged.testkit.GcsObject.Attributes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The resources of Google's JSON API. */
final class GcsJson {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    /** Which header Google blames for a status. */
    private static final Map<Integer, String> HEADERS = Map.of(401, "Authorization", 412, "If-Match");

    private GcsJson() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Reads a body, which may be empty. */
    static ObjectNode read(byte[] body) {
        if (body.length == 0) {
            return object();
        }
        try {
            if (MAPPER.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            // The same refusal.
        }
        throw new GcsRefusal(400, "parseError", "Parse Error");
    }

    static HttpAnswer answer(JsonNode json) {
        return answer(200, json);
    }

    static HttpAnswer error(int status, String reason, String message) {
        ObjectNode json = object();
        ObjectNode error = json.putObject("error").put("code", status).put("message", message);
        ObjectNode detail = error.putArray("errors")
                .addObject()
                .put("message", message)
                .put("domain", "global")
                .put("reason", reason);
        Optional.ofNullable(HEADERS.get(status))
                .ifPresent(header -> detail.put("locationType", "header").put("location", header));
        return answer(status, json);
    }

    private static HttpAnswer answer(int status, JsonNode json) {
        return HttpAnswer.of(
                status, Map.of("Content-Type", "application/json; charset=UTF-8"), MAPPER.writeValueAsBytes(json));
    }

    static ObjectNode ofBucket(String name, ObjectNode settings) {
        ObjectNode json = object();
        json.put("kind", "storage#bucket")
                .put("id", name)
                .put("name", name)
                .put("location", "EU")
                .put("locationType", "multi-region")
                .put("storageClass", "STANDARD")
                .put("metageneration", "1");
        json.setAll(settings);
        return json;
    }

    static ObjectNode ofObject(GcsObject object) {
        ObjectNode json = object();
        json.put("kind", "storage#object")
                .put("id", object.bucket() + "/" + object.name() + "/" + object.generation())
                .put("name", object.name())
                .put("bucket", object.bucket())
                .put("generation", Long.toString(object.generation()))
                .put("metageneration", Long.toString(object.metageneration()))
                .put("contentType", object.attributes().contentType())
                .put("storageClass", "STANDARD")
                .put("size", Integer.toString(object.size()))
                .put("crc32c", object.content().crc32c())
                .put("etag", etag(object))
                .put("timeCreated", object.created().toString())
                .put("updated", object.updated().toString());
        object.content().md5().ifPresent(md5 -> json.put("md5Hash", md5));
        object.content().components().ifPresent(count -> json.put("componentCount", count));
        if (!object.attributes().metadata().isEmpty()) {
            ObjectNode metadata = json.putObject("metadata");
            object.attributes().metadata().forEach(metadata::put);
        }
        return json;
    }

    static String etag(GcsObject object) {
        return object.generation() + "/" + object.metageneration();
    }

    /** Reads what a writer says of an object. */
    static Attributes attributes(ObjectNode json) {
        return merged(json, Attributes.NONE);
    }

    /** Returns attributes with those in the place of others that a request names; a null removes one. */
    static Attributes merged(ObjectNode json, Attributes former) {
        Map<String, String> metadata = new TreeMap<>(former.metadata());
        for (Map.Entry<String, JsonNode> entry : json.path("metadata").properties()) {
            if (entry.getValue().isNull()) {
                metadata.remove(entry.getKey());
            } else {
                metadata.put(entry.getKey(), entry.getValue().asString());
            }
        }
        String type = json.path("contentType").asString(former.contentType());
        return new Attributes(type, metadata);
    }
}
