package org.domicile.backup.blob;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.domicile.backup.BackupConfig;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.event.CallerContext;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Objects of the region's S3 store, at {@code accounts/<account>/<generation>}: written once, never overwritten. */
@ApplicationScoped
public class ObjectStore {
    public static final String ROOT = "accounts/";
    /** The most that one request of the protocol deletes. */
    private static final int DELETE_BATCH = 1_000;

    private static final int PRECONDITION_FAILED = 412;

    private static final Logger LOG = Logger.getLogger(ObjectStore.class);

    private final S3AsyncClient s3;
    private final String bucket;

    @Inject
    public ObjectStore(S3AsyncClient s3, BackupConfig config) {
        this.s3 = s3;
        this.bucket = config.bucket();
    }

    ObjectStore() {
        this.s3 = null;
        this.bucket = null;
    }

    public static String prefix(AccountId account) {
        return ROOT + account + "/";
    }

    public static String key(AccountId account, UUID generation) {
        return prefix(account) + generation;
    }

    /**
     * Streams a verified body into a new object; the store gets its SHA-256 as well and has to agree, and takes nothing where an
     * object is already.
     *
     * @param sha256 lower-case hex
     * @return fails as the body does, or with UNAVAILABLE (503) if the store did not take it; then an object may exist
     */
    public Uni<Void> put(String key, VerifiedBody body, String sha256) {
        var sending = put(key, (AsyncRequestBody) body, body.contentLength().orElseThrow(), sha256);
        body.outcome().whenComplete((hash, failure) -> {
            if (failure != null) {
                sending.cancel(true);
            }
        });
        return back(() -> sending.handle((response, failure) -> Optional.ofNullable(failure))
                        .thenCompose(
                                failure -> failure.isEmpty() || body.outcome().isCompletedExceptionally()
                                        ? body.outcome().thenApply(hash -> failure)
                                        : CompletableFuture.completedFuture(failure)))
                .flatMap(failure -> failure.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : body.outcome().isDone()
                                ? requireStored(key, sha256, failure.get())
                                : Uni.createFrom().failure(unavailable("put", failure.get())));
    }

    /** Stores a small content that is already in memory. */
    public Uni<Void> put(String key, byte[] content, String sha256) {
        return back(() -> put(key, AsyncRequestBody.fromBytes(content), content.length, sha256)
                        .thenApply(response -> (Void) null))
                .onFailure()
                .recoverWithUni(failure -> requireStored(key, sha256, failure));
    }

    /**
     * A connection that broke after the last byte may have broken after the object was taken, and the client's own repetition of
     * the request then finds it there (412). No other upload names this key: content with the same SHA-256 at it is this upload's.
     */
    private Uni<Void> requireStored(String key, String sha256, Throwable failure) {
        return isRefused(failure)
                ? Uni.createFrom().failure(unavailable("put", failure))
                : attested(key)
                        .flatMap(actual -> actual.equals(Optional.of(sha256))
                                ? Uni.createFrom().voidItem()
                                : Uni.createFrom().failure(unavailable("put", failure)));
    }

    /** Whether the store itself said that it did not take the content. */
    private static boolean isRefused(Throwable failure) {
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof S3Exception answer && answer.statusCode() != PRECONDITION_FAILED;
    }

    private CompletableFuture<PutObjectResponse> put(String key, AsyncRequestBody body, long length, String sha256) {
        var checksum = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256));
        var sending = s3.putObject(
                r -> r.bucket(bucket)
                        .key(key)
                        .contentLength(length)
                        .checksumSHA256(checksum)
                        .ifNoneMatch("*"),
                body);
        var checked = sending.thenApply(response -> {
            if (response.checksumSHA256() != null && !response.checksumSHA256().equals(checksum)) {
                throw new IllegalStateException("the store reports another checksum than it was given");
            }
            return response;
        });
        checked.whenComplete((done, failure) -> {
            if (checked.isCancelled()) {
                sending.cancel(true);
            }
        });
        return checked;
    }

    /** Opens an object, or {@code count} bytes of it from {@code offset}; the caller must consume or cancel it. */
    public Uni<ObjectBody> get(String key, long offset, long count) {
        return back(() -> s3.getObject(
                        r -> r.bucket(bucket).key(key).range("bytes=" + offset + "-" + (offset + count - 1)),
                        new ObjectBody.Taker<GetObjectResponse>()))
                .onFailure()
                .transform(failure -> unavailable("get", failure));
    }

    /** An object's length in bytes; empty if there is none. */
    public Uni<Optional<Long>> size(String key) {
        return head(key).map(found -> found.map(HeadObjectResponse::contentLength));
    }

    /**
     * Hex SHA-256 of an object's content: the one that the store computed when it took it, or, of a store that keeps none, of the
     * content as it is read now; empty if there is none.
     */
    public Uni<Optional<String>> attested(String key) {
        return head(key).flatMap(found -> found.map(HeadObjectResponse::checksumSHA256)
                .map(checksum -> Uni.createFrom()
                        .item(Optional.of(
                                HexFormat.of().formatHex(Base64.getDecoder().decode(checksum)))))
                .orElseGet(
                        () -> found.isPresent() ? sha256(key) : Uni.createFrom().item(Optional.empty())));
    }

    private Uni<Optional<HeadObjectResponse>> head(String key) {
        return back(() -> s3.headObject(r -> r.bucket(bucket).key(key).checksumMode(ChecksumMode.ENABLED)))
                .map(Optional::of)
                .onFailure(NoSuchKeyException.class)
                .recoverWithItem(Optional.empty())
                .onFailure()
                .transform(failure -> unavailable("head", failure));
    }

    /** Copies an object within the store, to a key of a generation that is new. */
    public Uni<Void> copy(String from, String to) {
        return back(() -> s3.copyObject(r -> r.sourceBucket(bucket)
                        .sourceKey(from)
                        .destinationBucket(bucket)
                        .destinationKey(to)
                        .checksumAlgorithm(ChecksumAlgorithm.SHA256)))
                .replaceWithVoid()
                .onFailure()
                .transform(failure -> unavailable("copy", failure));
    }

    /** Reads a whole object: hex SHA-256 of what the store holds; empty if it holds nothing there. */
    public Uni<Optional<String>> sha256(String key) {
        return back(() -> s3.getObject(r -> r.bucket(bucket).key(key), new ObjectBody.Taker<GetObjectResponse>())
                        .thenCompose(ObjectStore::digest))
                .map(Optional::of)
                .onFailure(NoSuchKeyException.class)
                .recoverWithItem(Optional.empty())
                .onFailure()
                .transform(failure -> unavailable("read", failure));
    }

    private static CompletableFuture<String> digest(ObjectBody object) {
        var digest = Sha256.digest();
        return SdkPublisher.adapt(object).subscribe(digest::update).thenApply(read -> HexFormat.of()
                .formatHex(digest.digest()));
    }

    /** Deletes an object; one that does not exist is no failure. */
    public Uni<Void> delete(String key) {
        return back(() -> s3.deleteObject(r -> r.bucket(bucket).key(key)))
                .replaceWithVoid()
                .onFailure()
                .transform(failure -> unavailable("delete", failure));
    }

    /** Deletes objects, a batch at a time. */
    public Uni<Void> delete(List<String> keys) {
        if (keys.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var batch = keys.subList(0, Math.min(keys.size(), DELETE_BATCH));
        return deleteBatch(batch).chain(() -> delete(keys.subList(batch.size(), keys.size())));
    }

    private Uni<Void> deleteBatch(List<String> keys) {
        List<ObjectIdentifier> objects = keys.stream()
                .map(key -> ObjectIdentifier.builder().key(key).build())
                .toList();
        return back(() -> s3.deleteObjects(r -> r.bucket(bucket).delete(d -> d.objects(objects))))
                .invoke(answer -> {
                    if (answer.hasErrors() && !answer.errors().isEmpty()) {
                        throw new IllegalStateException(
                                "not deleted: " + answer.errors().get(0));
                    }
                })
                .replaceWithVoid()
                .onFailure()
                .transform(failure -> unavailable("delete", failure));
    }

    /** All objects under a prefix in the order of their keys, one item a page, until the store says that there are no more. */
    public Multi<List<S3Object>> list(String prefix) {
        return list(prefix, null);
    }

    /** @param after the key behind which to begin; null for the beginning */
    public Multi<List<S3Object>> list(String prefix, String after) {
        return Multi.createBy()
                .repeating()
                .uni(Page::new, page -> next(prefix, after, page))
                .whilst(ListObjectsV2Response::isTruncated)
                .map(ListObjectsV2Response::contents);
    }

    private Uni<ListObjectsV2Response> next(String prefix, String after, Page page) {
        return back(() -> s3.listObjectsV2(r -> r.bucket(bucket)
                        .prefix(prefix)
                        .startAfter(page.token == null ? after : null)
                        .continuationToken(page.token)))
                .invoke(answer -> page.token = answer.nextContinuationToken())
                .onFailure()
                .transform(failure -> unavailable("list", failure));
    }

    private static ProblemException unavailable(String operation, Throwable failure) {
        LOG.warnf("store failed operation=%s reason=%s", operation, failure);
        return new ProblemException(
                ErrorCode.UNAVAILABLE,
                "The store does not answer: try again in a few seconds.",
                Map.of("retryAfter", 5));
    }

    /** The client answers on threads of its own; the caller goes on where it was. */
    private static <T> Uni<T> back(Supplier<CompletableFuture<T>> call) {
        return Uni.createFrom()
                .deferred(() -> CallerContext.back(Uni.createFrom().completionStage(call)));
    }

    private static final class Page {
        private String token;
    }
}
