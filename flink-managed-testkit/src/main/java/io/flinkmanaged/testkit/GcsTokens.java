package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.model.TimeSource;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A service account with its key, and the access tokens that are issued for it (RFC 7523). Nobody needs one until they are
 * required.
 */
final class GcsTokens {

    static final String ACCOUNT = "flink@embedded.iam.gserviceaccount.com";
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private final TimeSource time;
    private @Nullable KeyPair key;
    private final Set<String> issued = ConcurrentHashMap.newKeySet();
    private volatile boolean required;

    GcsTokens(TimeSource time) {
        this.time = time;
    }

    /** Made when it is first asked for: that takes longer than all else of a server that needs no tokens. */
    private synchronized KeyPair key() {
        KeyPair known = key;
        if (known == null) {
            known = newKey();
            key = known;
        }
        return known;
    }

    private static KeyPair newKey() {
        try {
            KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
            keys.initialize(2048);
            return keys.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has it.", e);
        }
    }

    void require(boolean now) {
        required = now;
    }

    /** Makes every token that was issued worthless. */
    void revoke() {
        issued.clear();
    }

    /** Returns the account's key file, as Google's console writes it. */
    String keyFile(URI endpoint) {
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(key().getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        return GcsJson.object()
                .put("type", "service_account")
                .put("project_id", "embedded")
                .put("private_key_id", "embedded-key")
                .put("private_key", pem)
                .put("client_email", ACCOUNT)
                .put("client_id", "100000000000000000001")
                .put("token_uri", endpoint + "/token")
                .toPrettyString();
    }

    void require(GcsCall call) {
        if (!required) {
            return;
        }
        String bearer = call.header("authorization").orElse("");
        if (bearer.isEmpty()) {
            throw new GcsRefusal(401, "required", "Anonymous caller does not have storage access.");
        }
        if (!bearer.startsWith("Bearer ") || !issued.contains(bearer.substring("Bearer ".length()))) {
            throw new GcsRefusal(401, "authError", "Invalid Credentials");
        }
    }

    /** Returns a request of a batch with the batch's token, unless it has one. */
    GcsCall withThoseOf(GcsCall batch, GcsCall inner) {
        return inner.header("authorization").isPresent() ? inner : inner.with("authorization", batch);
    }

    HttpAnswer issue(GcsCall call) {
        Map<String, String> form = HttpQuery.parse(new String(call.inflatedBody(), UTF_8));
        String[] assertion = form.getOrDefault("assertion", "").split("\\.", -1);
        if (!GRANT.equals(form.get("grant_type")) || assertion.length != 3) {
            return refusal("unsupported_grant_type", "Only signed statements are exchanged for tokens.");
        }
        if (!isSigned(assertion)) {
            return refusal("invalid_grant", "Invalid JWT Signature.");
        }
        ObjectNode claims = GcsJson.read(Base64.getUrlDecoder().decode(assertion[1]));
        long now = time.now().getEpochSecond();
        if (claims.path("exp").asLong(0) < now || claims.path("iat").asLong(0) > now + 300) {
            return refusal(
                    "invalid_grant",
                    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
                            + "Check your iat and exp values in the JWT claim.");
        }
        if (!claims.path("iss").asString("").equals(ACCOUNT)) {
            return refusal("invalid_grant", "Invalid grant: account not found");
        }
        String token = "ya29.embedded-" + time.newId();
        issued.add(token);
        ObjectNode json = GcsJson.object();
        json.put("access_token", token).put("expires_in", 3599).put("token_type", "Bearer");
        return GcsJson.answer(json);
    }

    private boolean isSigned(String[] assertion) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key().getPublic());
            signature.update((assertion[0] + "." + assertion[1]).getBytes(US_ASCII));
            return signature.verify(Base64.getUrlDecoder().decode(assertion[2]));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** The form of OAuth (RFC 6749), which is not that of the API. */
    private static HttpAnswer refusal(String error, String description) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", "application/json");
        String json = GcsJson.object()
                .put("error", error)
                .put("error_description", description)
                .toString();
        return HttpAnswer.of(400, headers, json.getBytes(UTF_8));
    }
}
