package io.flinkmanaged.testkit;

import static io.flinkmanaged.testkit.GcsWire.base64;
import static io.flinkmanaged.testkit.GcsWire.bytes;
import static io.flinkmanaged.testkit.GcsWire.encoded;
import static io.flinkmanaged.testkit.GcsWire.json;
import static io.flinkmanaged.testkit.GcsWire.o;
import static io.flinkmanaged.testkit.GcsWire.part;
import static io.flinkmanaged.testkit.GcsWire.reason;
import static io.flinkmanaged.testkit.GcsWire.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server as a whole, over the wire: its bucket, batches, faults, the log of requests, tokens. */
class EmbeddedGcsTest {

    @AutoClose
    private final EmbeddedGcs gcs = EmbeddedGcs.start("state");

    private final GcsWire wire = new GcsWire(gcs);

    @Test
    void answersEachRequestOfABatch() throws Exception {
        gcs.write("d/a b", bytes("any"));
        String body = part("1", "DELETE " + o("d/a b") + " HTTP/1.1\r\n\r\n")
                + part("2", "DELETE " + o("d/absent") + " HTTP/1.1\r\n\r\n")
                + "--limit--\r\n";
        HttpResponse<byte[]> answer = wire.post("/batch/storage/v1", "multipart/mixed; boundary=limit", bytes(body));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(text(answer))
                .containsSubsequence("response-1", "HTTP/1.1 204", "response-2", "HTTP/1.1 404", "notFound");
        assertThat(gcs.keys("")).isEmpty();
    }

    @Test
    void tellsTheSettingsOfItsBucket() throws Exception {
        assertThat(json(wire.get("/storage/v1/b/state")).has("versioning")).isFalse();
        gcs.tell("{\"versioning\":{\"enabled\":true}}");
        assertThat(json(wire.get("/storage/v1/b/state"))
                        .path("versioning")
                        .path("enabled")
                        .asBoolean())
                .isTrue();
        assertThat(wire.get("/storage/v1/b/absent").statusCode()).isEqualTo(404);
    }

    @Test
    void playsFaultsOnTheRequestsThatTheyConcernAndLogsAll() throws Exception {
        gcs.write("object", bytes("0123456789"));
        gcs.inject(
                GcsFault.reject(503, "backendError").on(GcsOperation.METADATA).first(1));
        HttpResponse<byte[]> refused = wire.get(o("object"));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(reason(refused)).isEqualTo("backendError");
        assertThat(wire.get(o("object")).statusCode()).isEqualTo(200);
        gcs.inject(GcsFault.corrupt().on(GcsOperation.DOWNLOAD).first(1));
        assertThat(text(wire.get(o("object") + "?alt=media")))
                .isNotEqualTo("0123456789")
                .hasSize(10);
        gcs.inject(GcsFault.truncate()
                .on(request -> request.key().equals("object"))
                .first(1));
        assertThatThrownBy(() -> wire.get(o("object") + "?alt=media")).isInstanceOf(IOException.class);
        gcs.inject(GcsFault.reset().on(GcsOperation.UPLOAD));
        assertThatThrownBy(() -> wire.upload("other", "any", "")).isInstanceOf(IOException.class);
        gcs.heal();
        gcs.inject(GcsFault.delay(Duration.ofMillis(50)));
        assertThat(wire.upload("other", "any", "").statusCode()).isEqualTo(200);
        assertThat(gcs.requests())
                .extracting(GcsRequest::operation)
                .contains(GcsOperation.METADATA, GcsOperation.DOWNLOAD, GcsOperation.UPLOAD);
        assertThat(gcs.count(request -> request.is(GcsOperation.METADATA))).isEqualTo(2);
        gcs.forgetRequests();
        assertThat(gcs.requests()).isEmpty();
    }

    @Test
    void issuesTokensToWhomTheKeyFileNamesAndRefusesOthers() throws Exception {
        gcs.requireTokens();
        HttpResponse<byte[]> anonymous = wire.get(o("absent"));
        assertThat(anonymous.statusCode()).isEqualTo(401);
        assertThat(reason(anonymous)).isEqualTo("required");
        JsonNode key = JsonMapper.shared().readTree(gcs.keyFile());
        String token = json(token(signed(key, Instant.now().getEpochSecond())))
                .path("access_token")
                .asString();
        assertThat(wire.with(token, o("absent")).statusCode()).isEqualTo(404);
        assertThat(reason(wire.with("forged", o("absent")))).isEqualTo("authError");
        HttpResponse<byte[]> batch = wire.post(
                "/batch/storage/v1",
                "multipart/mixed; boundary=limit",
                bytes(part("1", "DELETE " + o("absent") + " HTTP/1.1\r\n\r\n")
                        + part(
                                "2",
                                "DELETE " + o("absent") + " HTTP/1.1\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                        + "--limit--\r\n"));
        assertThat(text(batch)).containsSubsequence("HTTP/1.1 401", "HTTP/1.1 404");
        gcs.revokeTokens();
        assertThat(wire.with(token, o("absent")).statusCode()).isEqualTo(401);
        assertThat(text(token(signed(key, 0)))).contains("invalid_grant", "reasonable timeframe");
        assertThat(text(token(signed(key, Instant.now().getEpochSecond()) + "AA")))
                .contains("Invalid JWT Signature");
    }

    private String signed(JsonNode key, long now) throws Exception {
        String head = base64(bytes("{\"alg\":\"RS256\",\"typ\":\"JWT\"}"));
        String claims = base64(bytes("{\"iss\":\"" + key.path("client_email").asString() + "\",\"aud\":\""
                + key.path("token_uri").asString() + "\",\"iat\":" + now + ",\"exp\":" + (now + 3600) + "}"));
        String pem = key.path("private_key").asString().replaceAll("-----[A-Z ]+-----|\\s", "");
        PrivateKey secret = KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(secret);
        signature.update(bytes(head + "." + claims));
        return head + "." + claims + "." + base64(signature.sign());
    }

    private HttpResponse<byte[]> token(String assertion) throws Exception {
        String form =
                "grant_type=" + encoded("urn:ietf:params:oauth:grant-type:jwt-bearer") + "&assertion=" + assertion;
        return wire.post("/token", "application/x-www-form-urlencoded", bytes(form));
    }
}
