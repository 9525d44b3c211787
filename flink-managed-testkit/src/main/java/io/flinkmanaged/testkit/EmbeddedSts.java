package io.flinkmanaged.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.flinkmanaged.testkit.S3Sessions.Session;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The part of AWS's security token service that exchanges an {@link EmbeddedS3}'s key for sessions of a role. It answers at
 * the server's own {@link EmbeddedS3#endpoint()}, checks signatures, and knows {@code AssumeRole} only.
 *
 * <pre>{@code
 * S3.sts().allow("arn:aws:iam::123456789012:role/flink-state", "the external id");
 * System.setProperty("aws.endpointUrlSts", S3.endpoint().toString());
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class EmbeddedSts {

    private static final int SHORTEST = 900;
    private static final int LONGEST = 43_200;

    private final String accessKey;
    private final String secretKey;
    private final S3Sessions sessions;
    private final Map<String, String> externalIds = new ConcurrentHashMap<>();
    private final List<AssumedRole> assumed = new CopyOnWriteArrayList<>();
    private volatile Optional<Duration> lasting = Optional.empty();

    EmbeddedSts(String accessKey, String secretKey, S3Sessions sessions) {
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        this.sessions = sessions;
    }

    /**
     * Lets the server's user assume a role from now on.
     *
     * @param roleArn the role
     * @param externalId what its trust policy asks for; empty for nothing
     */
    public void allow(String roleArn, String externalId) {
        externalIds.put(roleArn, externalId);
    }

    /**
     * Lets new sessions end sooner than they were asked for. Amazon's clients replace a session one minute before its end.
     *
     * @param duration from the answer on
     */
    public void letSessionsLast(Duration duration) {
        lasting = Optional.of(duration);
    }

    /** Ends all sessions that began until now: whoever uses one is told {@code ExpiredToken}. */
    public void expireSessions() {
        sessions.expireAll();
    }

    /** Returns the sessions that began, in order. */
    public List<AssumedRole> assumedRoles() {
        return List.copyOf(assumed);
    }

    /** Answers what is asked of this service; empty for what is asked of S3. */
    Optional<HttpAnswer> answer(HttpExchange exchange, byte[] body) {
        boolean asked = exchange.getRequestMethod().equals("POST")
                && exchange.getRequestURI().toString().equals("/");
        if (!asked) {
            return Optional.empty();
        }
        Map<String, String> question = S3Front.query(new String(body, UTF_8));
        return Optional.of(refuse(exchange, body, question).orElseGet(() -> begin(question)));
    }

    private Optional<HttpAnswer> refuse(HttpExchange exchange, byte[] body, Map<String, String> question) {
        Optional<SignatureV4> signature = SignatureV4.of(exchange);
        if (signature.isEmpty() || !signature.get().accessKey().equals(accessKey)) {
            return refusal(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
        }
        if (!signature.get().isOf(secretKey, exchange, body)) {
            return refusal(
                    403,
                    "SignatureDoesNotMatch",
                    "The request signature we calculated does not match the signature you " + "provided.");
        }
        if (!"AssumeRole".equals(question.get("Action"))) {
            return refusal(400, "InvalidAction", "Could not find operation " + question.get("Action"));
        }
        String role = question.getOrDefault("RoleArn", "");
        String wanted = externalIds.get(role);
        if (wanted == null || !wanted.equals(question.getOrDefault("ExternalId", ""))) {
            return refusal(
                    403, "AccessDenied", "User is not authorized to perform: sts:AssumeRole on resource: " + role);
        }
        int seconds = seconds(question);
        return seconds < SHORTEST || seconds > LONGEST
                ? refusal(400, "ValidationError", "durationSeconds is not between 900 and 43200")
                : Optional.empty();
    }

    private HttpAnswer begin(Map<String, String> question) {
        Duration asked = Duration.ofSeconds(seconds(question));
        Session session = sessions.begin(lasting.orElse(asked));
        String role = question.getOrDefault("RoleArn", "");
        String name = question.getOrDefault("RoleSessionName", "");
        assumed.add(new AssumedRole(role, name, asked, session.accessKey()));
        return HttpAnswer.xml(
                200,
                "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>"
                        + "<AssumedRoleUser><AssumedRoleId>AROAEMBEDDED:" + name + "</AssumedRoleId><Arn>" + role + "/"
                        + name + "</Arn></AssumedRoleUser><Credentials><AccessKeyId>" + session.accessKey()
                        + "</AccessKeyId><SecretAccessKey>" + session.secretKey() + "</SecretAccessKey><SessionToken>"
                        + session.token() + "</SessionToken><Expiration>" + session.expires()
                        + "</Expiration></Credentials></AssumeRoleResult><ResponseMetadata>"
                        + "<RequestId>EMBEDDED</RequestId></ResponseMetadata></AssumeRoleResponse>");
    }

    private static int seconds(Map<String, String> question) {
        return Integer.parseInt(question.getOrDefault("DurationSeconds", "3600"));
    }

    private static Optional<HttpAnswer> refusal(int status, String code, String message) {
        return Optional.of(HttpAnswer.xml(
                status,
                "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>"
                        + code + "</Code><Message>" + message + "</Message></Error>"
                        + "<RequestId>EMBEDDED</RequestId></ErrorResponse>"));
    }

    /**
     * A session that began.
     *
     * @param role the role's ARN
     * @param sessionName the name that was asked for
     * @param duration how long was asked for
     * @param accessKey the id of the session's key, as it is in {@link S3Request#accessKey()}
     */
    public record AssumedRole(String role, String sessionName, Duration duration, String accessKey) {}
}
