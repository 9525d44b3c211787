package io.flinkmanaged.testkit;

/** A request that is refused, in Google's words. */
final class GcsRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    /**
     * Creates a refusal.
     *
     * @param status the HTTP status
     * @param reason Google's word, such as {@code conditionNotMet}
     */
    GcsRefusal(int status, String reason, String message) {
        super(message);
        this.status = status;
        this.reason = reason;
    }

    static GcsRefusal noObject(String bucket, String name) {
        return new GcsRefusal(404, "notFound", "No such object: " + bucket + "/" + name);
    }

    static GcsRefusal invalid(String message) {
        return new GcsRefusal(400, "invalid", message);
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }

    HttpAnswer answer() {
        return GcsJson.error(status, reason, String.valueOf(getMessage()));
    }
}
