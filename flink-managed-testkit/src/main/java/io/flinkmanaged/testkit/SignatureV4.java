package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An {@code Authorization} header of AWS's signature version 4. It is checked here only where no server behind does it: for
 * requests without parameters in the URI, by the rules of Amazon's "Create a signed AWS API request".
 *
 * @param accessKey the id of the key that signed
 * @param date the day it was signed on, as {@code 20260131}
 * @param region the region it was signed for
 * @param service the service it was signed for
 * @param signedHeaders the names of the signed headers, in their order
 * @param signature what was computed, in hexadecimal digits
 */
record SignatureV4(
        String accessKey, String date, String region, String service, List<String> signedHeaders, String signature) {

    private static final Pattern HEADER = Pattern.compile("AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d+)/([^/]+)/([^/]+)/"
            + "aws4_request, *SignedHeaders=([^,]+), *Signature=([0-9a-f]+)");

    /** Returns a request's signature; empty if it has none of this kind. */
    static Optional<SignatureV4> of(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        Matcher parts = HEADER.matcher(header == null ? "" : header);
        return parts.matches()
                ? Optional.of(new SignatureV4(
                        parts.group(1),
                        parts.group(2),
                        parts.group(3),
                        parts.group(4),
                        Arrays.asList(parts.group(5).split(";", -1)),
                        parts.group(6)))
                : Optional.empty();
    }

    /** Returns whether the holder of a secret signed this request. */
    boolean isOf(String secret, HttpExchange exchange, byte[] body) {
        try {
            byte[] key = ("AWS4" + secret).getBytes(UTF_8);
            for (String part : List.of(date, region, service, "aws4_request")) {
                key = hmac(key, part);
            }
            return HexFormat.of().formatHex(hmac(key, toSign(exchange, body))).equals(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }

    private String toSign(HttpExchange exchange, byte[] body) throws GeneralSecurityException {
        String headers = signedHeaders.stream()
                .map(name -> name + ":"
                        + String.join(",", exchange.getRequestHeaders().get(name))
                                .strip() + "\n")
                .collect(Collectors.joining());
        String canonical = String.join(
                "\n",
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                "",
                headers,
                String.join(";", signedHeaders),
                sha256(body));
        return String.join(
                "\n",
                "AWS4-HMAC-SHA256",
                exchange.getRequestHeaders().getFirst("X-Amz-Date"),
                String.join("/", date, region, service, "aws4_request"),
                sha256(canonical.getBytes(UTF_8)));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private static String sha256(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
