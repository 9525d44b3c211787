package io.flinkmanaged.gcp;

import io.flinkmanaged.gcp.GcsClient.Patience;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.TimeSource;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.bucket.BucketPreflight;
import java.io.IOException;
import java.util.List;

/** Looks at a bucket before a cluster trusts it, with a client that waits little. */
final class GcsPreflight {

    private final GcsSettings gcs;
    private final GcsTokens tokens;
    private final TimeSource time;

    GcsPreflight(GcsSettings gcs, GcsTokens tokens, TimeSource time) {
        this.gcs = gcs;
        this.tokens = tokens;
        this.time = time;
    }

    /**
     * Makes sure that the credentials are worth a token: Google's connector tries for a minute, and then says less.
     *
     * @throws StorageException with what to do
     */
    void requireToken() {
        try {
            boolean unused = tokens.token().isPresent();
        } catch (IOException e) {
            throw new GcsRefusal(gcs).of(GcsAction.LOG_IN, gcs.address().prefix(), e);
        }
    }

    /**
     * Does with the bucket what a cluster will do.
     *
     * @return advice
     * @throws StorageException which says what cannot be done, and what to do
     */
    List<Finding> run() {
        String id = time.newId();
        Patience little = new Patience(
                BucketPreflight.patience(gcs.connectTimeout()),
                BucketPreflight.patience(gcs.readTimeout()),
                Math.min(gcs.retries(), BucketPreflight.RETRIES));
        GcsClient client = new GcsClient(gcs, tokens, time, little);
        new BucketPreflight(gcs.address(), new GcsObjects(gcs, client, id), "ifGenerationMatch=0", id).run();
        return new GcsAdvice(gcs, client).give();
    }
}
