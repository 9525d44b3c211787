package io.flinkmanaged.aws;

import io.flinkmanaged.aws.S3Settings.Encryption;
import io.flinkmanaged.storage.StorageException;
import io.flinkmanaged.storage.bucket.BucketObjects;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * A bucket's objects by their keys: what Flink's file system lacks, by the AWS SDK. Everything throws {@link
 * StorageException} when S3 does not do what is asked; absence is a value.
 */
final class S3Objects implements BucketObjects {

    /** Amazon's most for one request. */
    private static final int MOST_DELETED_AT_ONCE = 1000;

    private static final String WRITER = "flink-managed-writer";
    private static final int CONFLICTS = 10;

    private final S3Settings s3;
    private final S3Client client;
    private final S3Refusal refusal;
    private final String writer;
    private final AtomicLong written = new AtomicLong();

    /**
     * Creates it.
     *
     * @param writer a text that nobody else has
     */
    S3Objects(S3Settings s3, S3Client client, String writer) {
        this.s3 = s3;
        this.client = client;
        this.refusal = new S3Refusal(s3);
        this.writer = writer;
    }

    /** The JDK's connection takes an answer that was cut short for a whole one, so lengths are compared here. */
    @Override
    public Optional<byte[]> read(String key) {
        for (int tries = 0; true; tries++) {
            Optional<ResponseBytes<GetObjectResponse>> answer = get(key);
            if (answer.isEmpty()) {
                return Optional.empty();
            }
            byte[] content = answer.get().asByteArray();
            long length = answer.get().response().contentLength();
            if (content.length == length) {
                return Optional.of(content);
            }
            if (tries == s3.retries()) {
                throw new StorageException(
                        "storage s3://" + s3.bucket() + "/" + key + ": cut short after " + content.length + " of "
                                + length
                                + " bytes (expected: a whole answer). Look at the network and proxies between.",
                        null);
            }
        }
    }

    private Optional<ResponseBytes<GetObjectResponse>> get(String key) {
        return ask(S3Action.READ, key, () -> {
            try {
                return Optional.of(
                        client.getObjectAsBytes(get -> get.bucket(s3.bucket()).key(key)));
            } catch (NoSuchKeyException e) {
                return Optional.empty();
            }
        });
    }

    @Override
    public void write(String key, byte[] content) {
        PutObjectResponse unused =
                ask(S3Action.WRITE, key, () -> client.putObject(put(key, any -> {}), RequestBody.fromBytes(content)));
    }

    @Override
    public boolean createIfAbsent(String key, byte[] content) {
        return createIfAbsent(key, RequestBody.fromBytes(content));
    }

    @Override
    public boolean createIfAbsent(String key, Path content) {
        return createIfAbsent(key, RequestBody.fromFile(content));
    }

    /**
     * A request whose answer was lost is sent again by the SDK, and finds the object that it created itself. So each
     * call writes a mark of its own beside the content, and looks at the mark before it says that another was first.
     */
    private boolean createIfAbsent(String key, RequestBody content) {
        String mark = writer + "-" + written.incrementAndGet();
        PutObjectRequest request = put(key, create -> create.ifNoneMatch("*").metadata(Map.of(WRITER, mark)));
        for (int tries = 1; true; tries++) {
            try {
                PutObjectResponse unused = client.putObject(request, content);
                return true;
            } catch (S3Exception e) {
                if (e.statusCode() == 412) {
                    return mark.equals(markOf(key));
                }
                // Another one creates it at this moment; who of both wins is not decided yet.
                if (e.statusCode() != 409 || tries == CONFLICTS) {
                    throw refusal.of(S3Action.CREATE, key, e);
                }
            } catch (SdkException e) {
                throw refusal.of(S3Action.CREATE, key, e);
            }
        }
    }

    @Override
    public boolean exists(String key) {
        return ask(S3Action.READ, key, () -> {
            try {
                return client.headObject(head -> head.bucket(s3.bucket()).key(key)) != null;
            } catch (NoSuchKeyException e) {
                return false;
            }
        });
    }

    @Override
    public List<String> children(String prefix) {
        List<String> names = new ArrayList<>();
        list(prefix, Optional.of("/"), page -> {
            page.contents().forEach(object -> names.add(object.key().substring(prefix.length())));
            page.commonPrefixes()
                    .forEach(below -> names.add(below.prefix()
                            .substring(prefix.length(), below.prefix().length() - 1)));
        });
        // Neither a directory's own marker, nor what is hidden: the preflight of another process.
        return names.stream()
                .filter(name -> !name.isEmpty() && !name.startsWith("."))
                .sorted()
                .toList();
    }

    @Override
    public void list(String prefix, Consumer<StoredObject> objects) {
        list(prefix, Optional.empty(), page -> page.contents()
                .forEach(object ->
                        objects.accept(new StoredObject(object.key(), object.size(), object.lastModified()))));
    }

    private void list(String prefix, Optional<String> delimiter, Consumer<ListObjectsV2Response> pages) {
        Optional<String> next = Optional.empty();
        do {
            Optional<String> from = next;
            ListObjectsV2Response page = ask(
                    S3Action.LIST,
                    prefix,
                    () -> client.listObjectsV2(list -> list.bucket(s3.bucket())
                            .prefix(prefix)
                            .delimiter(delimiter.orElse(null))
                            .continuationToken(from.orElse(null))));
            pages.accept(page);
            next = Optional.ofNullable(page.nextContinuationToken());
        } while (next.isPresent());
    }

    @Override
    public void delete(List<String> keys) {
        for (int from = 0; from < keys.size(); from += MOST_DELETED_AT_ONCE) {
            deleteAtOnce(keys.subList(from, Math.min(keys.size(), from + MOST_DELETED_AT_ONCE)));
        }
    }

    private void deleteAtOnce(List<String> keys) {
        List<ObjectIdentifier> objects = keys.stream()
                .map(key -> ObjectIdentifier.builder().key(key).build())
                .toList();
        DeleteObjectsResponse answer = ask(
                S3Action.DELETE,
                keys.get(0),
                () -> client.deleteObjects(many -> many.bucket(s3.bucket())
                        .delete(all -> all.objects(objects).quiet(true))));
        if (answer.hasErrors() && !answer.errors().isEmpty()) {
            S3Error first = answer.errors().get(0);
            throw new StorageException(
                    "storage s3://" + s3.bucket() + "/" + first.key() + ": "
                            + answer.errors().size() + " of "
                            + keys.size() + " objects were not deleted: " + first.code() + " (expected: "
                            + S3Action.DELETE.permission() + "). Grant it, and delete again: " + first.message(),
                    null);
        }
    }

    private String markOf(String key) {
        return ask(S3Action.READ, key, () -> {
            try {
                return client.headObject(head -> head.bucket(s3.bucket()).key(key))
                        .metadata()
                        .getOrDefault(WRITER, "");
            } catch (NoSuchKeyException e) {
                // It was there and is deleted now; this call created nothing that lasts.
                return "";
            }
        });
    }

    private PutObjectRequest put(String key, Consumer<PutObjectRequest.Builder> further) {
        PutObjectRequest.Builder put =
                PutObjectRequest.builder().bucket(s3.bucket()).key(key);
        if (s3.encryption() == Encryption.SSE_S3) {
            put.serverSideEncryption(ServerSideEncryption.AES256);
        } else if (s3.encryption() == Encryption.SSE_KMS) {
            put.serverSideEncryption(ServerSideEncryption.AWS_KMS);
            s3.kmsKey().ifPresent(put::ssekmsKeyId);
        }
        further.accept(put);
        return put.build();
    }

    private <T> T ask(S3Action action, String key, Supplier<T> request) {
        try {
            return request.get();
        } catch (SdkException e) {
            throw refusal.of(action, key, e);
        }
    }
}
