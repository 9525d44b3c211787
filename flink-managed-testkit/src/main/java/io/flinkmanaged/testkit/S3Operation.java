package io.flinkmanaged.testkit;

/** What a request asks of S3. */
public enum S3Operation {
    /** Lists a bucket's objects. */
    LIST,
    /** Reads an object, or a range of it. */
    GET,
    /** Asks for an object's size and headers. */
    HEAD,
    /** Writes an object in one piece. */
    PUT,
    /** Copies an object within the server. */
    COPY,
    /** Deletes an object. */
    DELETE,
    /** Deletes many objects by one request. */
    DELETE_MANY,
    /** A step of an upload in several parts: begin, part, complete, abort. */
    MULTIPART,
    /** Creates, asks for or deletes a bucket, or looks at its settings. */
    BUCKET
}
