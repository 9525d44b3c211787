package io.flinkmanaged.testkit;

import static io.flinkmanaged.testkit.GcsWire.bytes;
import static io.flinkmanaged.testkit.GcsWire.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Uploads over the wire, as Google's documentation has it: of two parts, resumable, empty, whole. */
class EmbeddedGcsUploadsTest {

    @AutoClose
    private final EmbeddedGcs gcs = EmbeddedGcs.start("state");

    private final GcsWire wire = new GcsWire(gcs);

    @Test
    void takesAnUploadOfTwoParts() throws Exception {
        HttpResponse<byte[]> answer = wire.multipart("{\"name\":\"d/\",\"metadata\":{\"mark\":\"7\"}}", "\r\n--x\r\n");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("metadata").path("mark").asString()).isEqualTo("7");
        assertThat(json(answer).path("contentType").asString()).isEqualTo("text/plain");
        assertThat(gcs.read("d/")).contains(bytes("\r\n--x\r\n"));
    }

    @Test
    void resumesAnUploadWhereItWasInterrupted() throws Exception {
        URI session = wire.session("object", "");
        assertThat(wire.chunk(session, "bytes */*", "").statusCode()).isEqualTo(308);
        HttpResponse<byte[]> first = wire.chunk(session, "bytes 0-4/*", "01234");
        assertThat(first.statusCode()).isEqualTo(308);
        assertThat(first.headers().firstValue("range")).contains("bytes=0-4");
        assertThat(gcs.read("object")).isEmpty();
        gcs.inject(GcsFault.loseAnswer().on(GcsOperation.RESUMABLE_UPLOAD).first(1));
        assertThatThrownBy(() -> wire.chunk(session, "bytes 5-7/*", "567")).isInstanceOf(IOException.class);
        assertThat(wire.chunk(session, "bytes */*", "").headers().firstValue("range"))
                .contains("bytes=0-7");
        assertThat(wire.chunk(session, "bytes 9-9/10", "9").statusCode()).isEqualTo(503);
        HttpResponse<byte[]> last = wire.chunk(session, "bytes 5-9/10", "56789");
        assertThat(last.statusCode()).isEqualTo(200);
        assertThat(json(last).path("size").asString()).isEqualTo("10");
        assertThat(gcs.read("object")).contains(bytes("0123456789"));
        assertThat(wire.chunk(session, "bytes */10", "").statusCode()).isEqualTo(200);
    }

    @Test
    void judgesTheConditionOfAnUploadWhenItBeginsAndWhenItEnds() throws Exception {
        URI late = wire.session("object", "&ifGenerationMatch=0");
        gcs.write("object", bytes("another was first"));
        assertThat(wire.chunk(late, "bytes 0-0/1", "x").statusCode()).isEqualTo(412);
        assertThat(wire.begin("object", "&ifGenerationMatch=0").statusCode()).isEqualTo(412);
        assertThat(gcs.read("object")).contains(bytes("another was first"));
    }

    @Test
    void takesEmptyUploadsAndWholeOnes() throws Exception {
        assertThat(wire.chunk(wire.session("empty", ""), "bytes */0", "").statusCode())
                .isEqualTo(200);
        assertThat(gcs.read("empty")).contains(new byte[0]);
        HttpResponse<byte[]> whole = wire.send(HttpRequest.newBuilder(wire.session("whole", ""))
                .PUT(BodyPublishers.ofString("all"))
                .build());
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(gcs.read("whole")).contains(bytes("all"));
    }

    @Test
    void logsEachStepOfAnUploadByTheNameOfItsObject() throws Exception {
        String resource = "{\"name\":\"d/a &+b\"}";
        String twoParts = "--x\r\nContent-Type: application/json\r\n\r\n" + resource
                + "\r\n--x\r\nContent-Type: a/b\r\n\r\nany\r\n--x--\r\n";
        assertThat(wire.post(
                                "/upload/storage/v1/b/state/o?uploadType=multipart",
                                "multipart/related; boundary=x",
                                bytes(twoParts))
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<byte[]> begun =
                wire.post("/upload/storage/v1/b/state/o?uploadType=resumable", "application/json", bytes(resource));
        URI session = URI.create(begun.headers().firstValue("location").orElseThrow());
        gcs.inject(GcsFault.reject(503, "backendError")
                .on(request -> request.key().equals("d/a &+b"))
                .first(1));
        assertThat(wire.chunk(session, "bytes 0-0/1", "x").statusCode()).isEqualTo(503);
        assertThat(wire.chunk(session, "bytes 0-0/1", "x").statusCode()).isEqualTo(200);
        assertThat(gcs.requests()).hasSize(4).extracting(GcsRequest::key).containsOnly("d/a &+b");
    }
}
