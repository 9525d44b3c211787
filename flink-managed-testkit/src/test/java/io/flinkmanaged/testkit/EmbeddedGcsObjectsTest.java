package io.flinkmanaged.testkit;

import static io.flinkmanaged.testkit.GcsWire.bytes;
import static io.flinkmanaged.testkit.GcsWire.encoded;
import static io.flinkmanaged.testkit.GcsWire.json;
import static io.flinkmanaged.testkit.GcsWire.names;
import static io.flinkmanaged.testkit.GcsWire.o;
import static io.flinkmanaged.testkit.GcsWire.prefixes;
import static io.flinkmanaged.testkit.GcsWire.reason;
import static io.flinkmanaged.testkit.GcsWire.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Objects over the wire, as Google's documentation has it: content, ranges, conditions, copies. */
class EmbeddedGcsObjectsTest {

    @AutoClose
    private final EmbeddedGcs gcs = EmbeddedGcs.start("state");

    private final GcsWire wire = new GcsWire(gcs);

    @Test
    void readsBackWhatWasUploaded() throws Exception {
        JsonNode object = json(wire.upload("a/b c%/ü", "content", ""));
        assertThat(object.path("name").asString()).isEqualTo("a/b c%/ü");
        assertThat(object.path("size").asString()).isEqualTo("7");
        assertThat(object.path("crc32c").asString()).isEqualTo("Ya91Mw==");
        assertThat(object.path("md5Hash").asString()).isEqualTo("mgNkuembtIDdJeHwKEyFVQ==");
        HttpResponse<byte[]> download = wire.get(o("a/b c%/ü") + "?alt=media");
        assertThat(text(download)).isEqualTo("content");
        assertThat(download.headers().firstValue("x-goog-generation"))
                .contains(object.path("generation").asString());
        assertThat(json(wire.get(o("a/b c%/ü"))).path("generation")).isEqualTo(object.path("generation"));
        assertThat(gcs.read("a/b c%/ü")).contains(bytes("content"));
    }

    @Test
    void keepsAnObjectBesideOthersBelowItsName() throws Exception {
        wire.upload("a", "1", "");
        wire.upload("a/b", "2", "");
        wire.upload("a/", "", "");
        assertThat(gcs.keys("")).containsExactly("a", "a/", "a/b");
    }

    @Test
    void tellsAMissingObjectFromAMissingBucket() throws Exception {
        HttpResponse<byte[]> object = wire.get(o("absent"));
        assertThat(object.statusCode()).isEqualTo(404);
        assertThat(reason(object)).isEqualTo("notFound");
        assertThat(text(object)).contains("No such object: state/absent");
        HttpResponse<byte[]> bucket = wire.get("/storage/v1/b/other/o/absent");
        assertThat(bucket.statusCode()).isEqualTo(404);
        assertThat(text(bucket)).contains("The specified bucket does not exist.");
    }

    @Test
    void answersRanges() throws Exception {
        gcs.write("object", bytes("0123456789"));
        assertThat(text(wire.range("bytes=2-4"))).isEqualTo("234");
        assertThat(text(wire.range("bytes=7-"))).isEqualTo("789");
        assertThat(text(wire.range("bytes=-2"))).isEqualTo("89");
        assertThat(text(wire.range("bytes=8-20"))).isEqualTo("89");
        HttpResponse<byte[]> part = wire.range("bytes=2-4");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("content-range")).contains("bytes 2-4/10");
        assertThat(wire.range("bytes=10-").statusCode()).isEqualTo(416);
    }

    @Test
    void letsOneOfManyRacersCreateAnObject() throws Exception {
        List<Integer> answers = Race.of(8, this::claim);
        assertThat(answers).containsOnlyOnce(200).contains(412);
        assertThat(gcs.read("claim")).contains(bytes("racer " + answers.indexOf(200)));
    }

    @Test
    void keepsConditions() throws Exception {
        String first = json(wire.upload("object", "1", "")).path("generation").asString();
        String second = json(wire.upload("object", "2", "&ifGenerationMatch=" + first))
                .path("generation")
                .asString();
        assertThat(Long.parseLong(second)).isGreaterThan(Long.parseLong(first));
        HttpResponse<byte[]> late = wire.upload("object", "3", "&ifGenerationMatch=" + first);
        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(reason(late)).isEqualTo("conditionNotMet");
        assertThat(wire.get(o("object") + "?ifGenerationNotMatch=" + second).statusCode())
                .isEqualTo(304);
        assertThat(wire.get(o("object") + "?generation=" + first).statusCode()).isEqualTo(404);
        assertThat(wire.delete(o("object") + "?ifGenerationMatch=" + first).statusCode())
                .isEqualTo(412);
        assertThat(wire.delete(o("object") + "?ifGenerationMatch=" + second).statusCode())
                .isEqualTo(204);
        assertThat(wire.delete(o("object")).statusCode()).isEqualTo(404);
    }

    @Test
    void composesObjectsFromACompressedRequest() throws Exception {
        gcs.write("1", bytes("one "));
        gcs.write("2", bytes("two"));
        String request =
                "{\"sourceObjects\":[{\"name\":\"1\"},{\"name\":\"2\"}],\"destination\":{\"contentType\":\"a/b\"}}";
        HttpResponse<byte[]> composed = wire.compressed(o("both") + "/compose?ifGenerationMatch=0", request);
        assertThat(composed.statusCode()).isEqualTo(200);
        assertThat(json(composed).path("componentCount").asInt()).isEqualTo(2);
        assertThat(gcs.read("both")).contains(bytes("one two"));
        JsonNode later = json(wire.get(o("both")));
        assertThat(later.has("md5Hash")).isFalse();
        assertThat(later.path("componentCount").asInt()).isEqualTo(2);
        assertThat(wire.compressed(o("both") + "/compose?ifGenerationMatch=0", request)
                        .statusCode())
                .isEqualTo(412);
        String stale = "{\"sourceObjects\":[{\"name\":\"1\",\"objectPreconditions\":{\"ifGenerationMatch\":\"7\"}}]}";
        assertThat(wire.compressed(o("third") + "/compose", stale).statusCode()).isEqualTo(412);
    }

    @Test
    void copiesObjects() throws Exception {
        gcs.write("from/a", bytes("content"));
        HttpResponse<byte[]> copied =
                wire.post(o("from/a") + "/rewriteTo/b/state/o/" + encoded("to/a"), "application/json", new byte[0]);
        assertThat(json(copied).path("done").asBoolean()).isTrue();
        assertThat(json(copied).path("resource").path("name").asString()).isEqualTo("to/a");
        assertThat(gcs.read("to/a")).contains(bytes("content"));
    }

    @Test
    void changesMetadataWithoutANewGeneration() throws Exception {
        JsonNode before = json(wire.upload("object", "any", ""));
        HttpResponse<byte[]> patched = wire.send(wire.request(o("object"))
                .method("PATCH", BodyPublishers.ofString("{\"metadata\":{\"key\":\"value\"}}"))
                .build());
        assertThat(json(patched).path("metadata").path("key").asString()).isEqualTo("value");
        assertThat(json(patched).path("generation")).isEqualTo(before.path("generation"));
        assertThat(json(patched).path("metageneration").asString()).isEqualTo("2");
    }

    @Test
    void listsDirectoriesAndTheirMarkers() throws Exception {
        for (String name : List.of("d/", "d/1", "d/e/", "d/e/2", "d/f/3", "d-other")) {
            gcs.write(name, bytes("any"));
        }
        JsonNode plain = json(wire.get("/storage/v1/b/state/o?prefix=d/&delimiter=/"));
        assertThat(names(plain)).containsExactly("d/", "d/1");
        assertThat(prefixes(plain)).containsExactly("d/e/", "d/f/");
        JsonNode marked = json(wire.get("/storage/v1/b/state/o?prefix=d/&delimiter=/&includeTrailingDelimiter=true"));
        assertThat(names(marked)).containsExactly("d/", "d/1", "d/e/");
        assertThat(prefixes(marked)).containsExactly("d/e/", "d/f/");
        JsonNode none = json(wire.get("/storage/v1/b/state/o?prefix=absent"));
        assertThat(none.has("items") || none.has("prefixes")).isFalse();
    }

    @Test
    void pagesThroughAListing() throws Exception {
        for (int i = 0; i < 25; i++) {
            gcs.write(String.format("d/%02d/object", i), bytes("any"));
            gcs.write(String.format("d/%02d.txt", i), bytes("any"));
        }
        List<String> seen = new ArrayList<>();
        Optional<String> token = Optional.empty();
        int pages = 0;
        do {
            JsonNode page = json(wire.get("/storage/v1/b/state/o?prefix=d/&delimiter=/&maxResults=7"
                    + token.map(text -> "&pageToken=" + text).orElse("")));
            assertThat(names(page).size() + prefixes(page).size()).isLessThanOrEqualTo(7);
            seen.addAll(names(page));
            seen.addAll(prefixes(page));
            token = Optional.ofNullable(page.path("nextPageToken").asString(null));
            pages++;
        } while (token.isPresent());
        assertThat(pages).isEqualTo(8);
        assertThat(seen).hasSize(50).doesNotHaveDuplicates();
    }

    private int claim(int racer) {
        try {
            return wire.upload("claim", "racer " + racer, "&ifGenerationMatch=0")
                    .statusCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
