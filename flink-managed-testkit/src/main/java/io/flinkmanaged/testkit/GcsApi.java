package io.flinkmanaged.testkit;

import com.sun.net.httpserver.HttpExchange;
import io.flinkmanaged.testkit.GcsBuckets.Component;
import io.flinkmanaged.testkit.GcsObject.Attributes;
import io.flinkmanaged.testkit.HttpFault.Play;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Google's JSON API of Cloud Storage, before buckets in memory. */
final class GcsApi implements HttpFront.Server<GcsRequest> {

    private static final int MOST_COMPOSED = 32;

    private final GcsBuckets buckets;
    private final GcsUploads uploads;
    private final GcsTokens tokens;

    GcsApi(GcsBuckets buckets, GcsUploads uploads, GcsTokens tokens) {
        this.buckets = buckets;
        this.uploads = uploads;
        this.tokens = tokens;
    }

    @Override
    public GcsRequest requestOf(HttpExchange exchange, byte[] body) {
        return GcsRequest.of(callOf(exchange, body));
    }

    @Override
    public HttpAnswer refusal(Play fault) {
        return GcsJson.error(fault.status(), fault.word(), "injected by a test");
    }

    @Override
    public HttpAnswer answer(HttpExchange exchange, GcsRequest request, byte[] body) {
        GcsCall call = callOf(exchange, body);
        String endpoint = "http://" + call.header("host").orElse("");
        return answer(call, endpoint);
    }

    private static GcsCall callOf(HttpExchange exchange, byte[] body) {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        return new GcsCall(exchange.getRequestMethod(), exchange.getRequestURI(), headers, body);
    }

    private HttpAnswer answer(GcsCall call, String endpoint) {
        try {
            // Of a batch, each request shows its own token; Google's client sends the batch itself without one.
            if (call.operation() != GcsOperation.TOKEN && call.operation() != GcsOperation.BATCH) {
                tokens.require(call);
            }
            return carryOut(call, endpoint);
        } catch (GcsRefusal e) {
            return e.answer();
        }
    }

    private HttpAnswer carryOut(GcsCall call, String endpoint) {
        return switch (call.operation()) {
            case LIST -> GcsJson.answer(GcsListing.of(call, buckets.objects(call.bucket())));
            case DOWNLOAD -> read(call, true);
            case METADATA -> read(call, false);
            case UPLOAD -> uploads.atOnce(call);
            case RESUMABLE_UPLOAD -> uploads.step(call, endpoint);
            case UPDATE -> update(call);
            case DELETE -> delete(call);
            case COMPOSE -> compose(call);
            case COPY -> copy(call);
            case BATCH -> GcsBatch.of(call, inner -> answer(tokens.withThoseOf(call, inner), endpoint));
            case BUCKET -> bucket(call);
            case TOKEN -> tokens.issue(call);
            case UNKNOWN -> throw new GcsRefusal(404, "notFound", "Not Found");
        };
    }

    private HttpAnswer read(GcsCall call, boolean content) {
        GcsObject object = buckets.get(call.bucket(), call.object(), GcsConditions.number(call, "generation"));
        GcsConditions conditions = GcsConditions.of(call);
        if (conditions.isKnown(object)) {
            return HttpAnswer.of(304, Map.of(), new byte[0]);
        }
        conditions.require(object);
        return content ? GcsDownload.of(call, object) : GcsJson.answer(GcsJson.ofObject(object));
    }

    private HttpAnswer update(GcsCall call) {
        ObjectNode json = GcsJson.read(call.inflatedBody());
        boolean replaces = call.method().equals("PUT");
        GcsObject updated = buckets.update(
                call.bucket(),
                call.object(),
                former -> GcsJson.merged(json, replaces ? new Attributes(former.contentType(), Map.of()) : former),
                GcsConditions.of(call));
        return GcsJson.answer(GcsJson.ofObject(updated));
    }

    private HttpAnswer delete(GcsCall call) {
        buckets.delete(call.bucket(), call.object(), GcsConditions.number(call, "generation"), GcsConditions.of(call));
        return HttpAnswer.of(204, Map.of(), new byte[0]);
    }

    private HttpAnswer compose(GcsCall call) {
        ObjectNode json = GcsJson.read(call.inflatedBody());
        List<Component> components = new ArrayList<>();
        for (JsonNode source : json.path("sourceObjects")) {
            components.add(new Component(
                    source.path("name").asString(""),
                    number(source.path("generation")),
                    GcsConditions.ofGeneration(
                            number(source.path("objectPreconditions").path("ifGenerationMatch")))));
        }
        if (components.isEmpty() || components.size() > MOST_COMPOSED) {
            throw GcsRefusal.invalid("The number of source components is 1 to " + MOST_COMPOSED + ".");
        }
        Attributes attributes = json.path("destination") instanceof ObjectNode destination
                ? GcsJson.attributes(destination)
                : Attributes.NONE;
        GcsObject composed =
                buckets.compose(call.bucket(), call.object(), components, attributes, GcsConditions.of(call));
        return GcsJson.answer(GcsJson.ofObject(composed));
    }

    private static Optional<Long> number(JsonNode node) {
        try {
            return node.isMissingNode() || node.isNull()
                    ? Optional.empty()
                    : Optional.of(Long.valueOf(node.asString()));
        } catch (NumberFormatException e) {
            throw GcsRefusal.invalid("Invalid number.");
        }
    }

    /** {@code /b/…/o/…/rewriteTo/b/…/o/…}, which is done in one step here, or {@code copyTo}. */
    private HttpAnswer copy(GcsCall call) {
        GcsObject source = buckets.get(call.bucket(), call.object(), GcsConditions.number(call, "sourceGeneration"));
        GcsConditions.ofSource(call).require(source);
        GcsObject copied = buckets.put(
                call.segment(6),
                call.segment(8),
                source.content(),
                GcsJson.merged(GcsJson.read(call.inflatedBody()), source.attributes()),
                GcsConditions.of(call));
        ObjectNode resource = GcsJson.ofObject(copied);
        if (call.verb().equals("copyTo")) {
            return GcsJson.answer(resource);
        }
        ObjectNode rewritten = GcsJson.object();
        rewritten
                .put("kind", "storage#rewriteResponse")
                .put("totalBytesRewritten", Integer.toString(source.size()))
                .put("objectSize", Integer.toString(source.size()))
                .put("done", true)
                .set("resource", resource);
        return GcsJson.answer(rewritten);
    }

    private HttpAnswer bucket(GcsCall call) {
        if (call.method().equals("POST") && call.bucket().isEmpty()) {
            ObjectNode settings = GcsJson.read(call.inflatedBody());
            String name = settings.path("name").asString("");
            return GcsJson.answer(buckets.create(name, settings.without("name")));
        }
        if (call.method().equals("GET") && !call.bucket().isEmpty()) {
            return GcsJson.answer(buckets.resource(call.bucket()));
        }
        throw new GcsRefusal(404, "notFound", "Not Found");
    }
}
