package io.flinkmanaged.testkit;

import io.flinkmanaged.model.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The temporary credentials that an {@link EmbeddedS3} accepts besides its user's key. Thread-safe. */
final class S3Sessions {

    private final TimeSource time;
    private final Map<String, Session> byAccessKey = new ConcurrentHashMap<>();

    S3Sessions(TimeSource time) {
        this.time = time;
    }

    /** Begins a session; its access key begins as Amazon's temporary ones do. */
    Session begin(Duration duration) {
        Session session = new Session(
                "ASIA" + time.newId(),
                "secret-of-" + time.newId(),
                "token-of-" + time.newId(),
                time.now().plus(duration));
        byAccessKey.put(session.accessKey(), session);
        return session;
    }

    /** Ends all sessions that began until now. */
    void expireAll() {
        Instant now = time.now();
        byAccessKey.replaceAll((key, session) -> session.until(now));
    }

    Optional<String> secretOf(String accessKey) {
        return Optional.ofNullable(byAccessKey.get(accessKey)).map(Session::secretKey);
    }

    /** Answers in the server's place if a session's key comes without its token, or after its end. */
    Optional<HttpAnswer> refuse(String accessKey, Optional<String> token) {
        Session session = byAccessKey.get(accessKey);
        if (session == null) {
            return Optional.empty();
        }
        if (token.isEmpty()) {
            return refusal(
                    403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.");
        }
        if (!token.get().equals(session.token())) {
            return refusal(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
        }
        return session.expires().isAfter(time.now())
                ? Optional.empty()
                : refusal(400, "ExpiredToken", "The provided token has expired.");
    }

    private static Optional<HttpAnswer> refusal(int status, String code, String message) {
        return Optional.of(HttpAnswer.error(status, code, message, Map.of()));
    }

    /** Temporary credentials. */
    record Session(String accessKey, String secretKey, String token, Instant expires) {

        Session until(Instant end) {
            return new Session(accessKey, secretKey, token, end.isBefore(expires) ? end : expires);
        }
    }
}
