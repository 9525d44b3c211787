package io.flinkmanaged.testkit;

/** What a request asks of Google Cloud Storage. */
public enum GcsOperation {
    /** Lists a bucket's objects. */
    LIST,
    /** Reads an object's content, or a range of it. */
    DOWNLOAD,
    /** Asks for an object's metadata. */
    METADATA,
    /** Changes an object's metadata. */
    UPDATE,
    /** Writes an object by one request. */
    UPLOAD,
    /** A step of an upload by several requests: begin, chunk, question how far it has come, abort. */
    RESUMABLE_UPLOAD,
    /** Makes one object of several. */
    COMPOSE,
    /** Copies an object within the server. */
    COPY,
    /** Deletes an object. */
    DELETE,
    /** Several requests in one, such as deletions. */
    BATCH,
    /** Creates or asks for a bucket, or looks at its settings. */
    BUCKET,
    /** Exchanges a signed statement for an access token. */
    TOKEN,
    /** Anything else; it is answered with 404. */
    UNKNOWN
}
