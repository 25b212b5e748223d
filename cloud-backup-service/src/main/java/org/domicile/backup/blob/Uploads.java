package org.domicile.backup.blob;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.domicile.backup.repository.RepositoryStore;
import org.domicile.backup.usage.Quota;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.device.Device;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;
import org.jboss.logging.Logger;

/**
 * How a blob becomes LIVE: fence, consent and room first, then the body without any transaction, then fence and consent again in
 * the transaction that shows it. Success means: received, verified, stored, committed.
 */
@ApplicationScoped
public class Uploads {
    public static final String SNAPSHOT_CREATED = "org.domicile.backup.snapshot.created.v1";
    static final String BACKUP_EVENTS = "backup.events";
    private static final Logger LOG = Logger.getLogger(Uploads.class);

    private final Fence fence;
    private final Pool pool;
    private final RepositoryStore repositories;
    private final BlobStore blobs;
    private final UploadStore uploads;
    private final ObjectStore objects;
    private final Quota quota;
    private final Outbox outbox;
    private final Clock clock;
    private final SecureRandom random;
    private final InFlight inFlight;
    private final ToldUploads told;

    @Inject
    public Uploads(
            Fence fence,
            Pool pool,
            RepositoryStore repositories,
            BlobStore blobs,
            UploadStore uploads,
            ObjectStore objects,
            Quota quota,
            Outbox outbox,
            Clock clock,
            SecureRandom random,
            InFlight inFlight,
            ToldUploads told) {
        this.fence = fence;
        this.pool = pool;
        this.repositories = repositories;
        this.blobs = blobs;
        this.uploads = uploads;
        this.objects = objects;
        this.quota = quota;
        this.outbox = outbox;
        this.clock = clock;
        this.random = random;
        this.inFlight = inFlight;
        this.told = told;
    }

    /**
     * Stores a blob. A caller that goes away does not undo it. An identical one that is there already is a success.
     *
     * @return what to name in {@link #told} once the device has been answered
     */
    public Uni<Upload> save(Device device, BlobKey key, long size, Supplier<VerifiedBody> body) {
        var upload = new Upload(device.account(), generation(), key, size, device.id());
        return fence.write(device.account(), Feature.BACKUP, write -> reserve(write, upload))
                .onFailure()
                .call(refused ->
                        uploads.noteRefused(upload, clock.instant()).onFailure().recoverWithNull())
                .flatMap(existing -> receive(upload, existing, body.get()))
                .replaceWith(upload)
                .memoize()
                .indefinitely();
    }

    /**
     * Reserves room for an upload that does not pass through the service, and an object that only its row names.
     *
     * @param expiry until when the device may write that object
     * @param noted in the same transaction
     * @return empty if an identical blob is there already
     */
    public Uni<Optional<Upload>> beginDirect(
            Device device, BlobKey key, long size, Instant expiry, Function<SqlConnection, Uni<Void>> noted) {
        var upload = new Upload(device.account(), generation(), key, size, device.id());
        return fence.write(device.account(), Feature.BACKUP, write -> reserve(write, upload)
                        .call(existing -> existing.isPresent()
                                ? Uni.createFrom().voidItem()
                                : uploads.expire(write, upload, expiry).chain(() -> noted.apply(write.connection()))))
                .map(existing -> existing.isPresent() ? Optional.empty() : Optional.of(upload));
    }

    /** The device's direct upload, if it is still PENDING. */
    public Uni<Optional<Upload>> findDirect(Device device, BlobKey key, UUID generation) {
        return uploads.findDirect(device, key, generation);
    }

    /**
     * Copies what the device put to an object that it cannot write, verifies the copy, and shows it.
     *
     * @return fails with CONFLICT (409) if nothing was put yet, LENGTH_MISMATCH or HASH_MISMATCH (400; the upload is then over), or as
     *     {@link #save} does
     */
    public Uni<Void> commitDirect(Upload staged) {
        var stored = new Upload(staged.account(), generation(), staged.key(), staged.size(), staged.device());
        return objects.size(staged.objectKey())
                .invoke(size -> requireSize(staged, size))
                .chain(() -> uploads.nameCopy(staged, stored.generation()))
                .invoke(Uploads::requirePending)
                .chain(() -> showCopy(staged, stored))
                .onFailure(Uploads::isFinal)
                .call(refused -> discard(staged))
                .flatMap(shown -> shown ? objects.delete(staged.objectKey()) : discard(staged))
                .invoke(() -> told.add(staged))
                .memoize()
                .indefinitely();
    }

    private Uni<Boolean> showCopy(Upload staged, Upload stored) {
        return objects.copy(staged.objectKey(), stored.objectKey())
                .chain(() -> objects.attested(stored.objectKey()))
                .invoke(actual -> requireHash(staged, actual))
                .chain(() -> fence.write(
                        staged.account(),
                        Feature.BACKUP,
                        write -> show(
                                write, staged, stored.generation(), staged.key().name())))
                .onFailure()
                .call(() -> discardCopy(staged, stored))
                .call(shown -> shown ? Uni.createFrom().voidItem() : discardCopy(staged, stored));
    }

    private static void requireSize(Upload staged, Optional<Long> size) {
        if (size.isEmpty()) {
            throw new ProblemException(ErrorCode.CONFLICT, "Put the content to the URL first, then commit.");
        }
        if (size.get() != staged.size()) {
            throw new ProblemException(
                    ErrorCode.LENGTH_MISMATCH,
                    "Nothing was stored: " + size.get() + " of " + staged.size() + " declared bytes were put.");
        }
    }

    private static void requireHash(Upload staged, Optional<String> sha256) {
        if (!sha256.equals(Optional.of(staged.key().name()))) {
            throw new ProblemException(
                    ErrorCode.HASH_MISMATCH, "Nothing was stored: put the content whose SHA-256 is the name.");
        }
    }

    /** Whether no repetition of the commit can succeed. */
    private static boolean isFinal(Throwable failure) {
        return failure instanceof ProblemException problem
                && switch (problem.code()) {
                    case LENGTH_MISMATCH, HASH_MISMATCH, CONSENT_REQUIRED -> true;
                    default -> false;
                };
    }

    /** The device knows that its upload succeeded: a DELETE of the name is one again. */
    public void told(Upload upload) {
        told.add(upload);
    }

    private Uni<Void> receive(Upload upload, Optional<Blob> existing, VerifiedBody body) {
        inFlight.add(upload.account(), body);
        return (existing.isPresent()
                        ? compare(existing.get(), body)
                        : store(upload, body).onFailure().call(failure -> discard(upload)))
                .eventually(() -> inFlight.remove(upload.account(), body));
    }

    /** @return the blob that is there already; else room and row are reserved */
    private Uni<Optional<Blob>> reserve(FencedWrite write, Upload upload) {
        return repositories
                .require(write.connection(), upload.account(), upload.key().repository())
                .chain(() -> blobs.find(write.connection(), upload.account(), upload.key()))
                .map(found -> found.filter(blob -> !blob.damaged()))
                .call(existing -> existing.isPresent()
                        ? uploads.insert(write, upload, UploadState.SETTLED, clock.instant())
                        : quota.reserve(write, upload.size())
                                .chain(() -> uploads.insert(write, upload, UploadState.PENDING, clock.instant())));
    }

    private Uni<Void> store(Upload upload, VerifiedBody body) {
        if (upload.key().isNamedByHash()) {
            var sha256 = upload.key().name();
            return objects.put(upload.objectKey(), body, sha256).chain(() -> commit(upload, sha256));
        }
        return BodySink.collect(body)
                .chain(content ->
                        objects.put(upload.objectKey(), content, body.outcome().join()))
                .chain(() -> commit(upload, body.outcome().join()));
    }

    private Uni<Void> commit(Upload upload, String sha256) {
        return fence.write(upload.account(), Feature.BACKUP, write -> show(write, upload, upload.generation(), sha256))
                .flatMap(shown -> shown ? Uni.createFrom().voidItem() : discard(upload));
    }

    /**
     * @param generation of the object that holds the content
     * @return false if an identical blob came first; the upload is then still PENDING
     */
    private Uni<Boolean> show(FencedWrite write, Upload upload, UUID generation, String sha256) {
        return blobs.find(write.connection(), upload.account(), upload.key()).flatMap(other -> {
            if (other.isPresent() && !other.get().damaged()) {
                requireSame(other.get(), sha256);
                return Uni.createFrom().item(false);
            }
            return repositories
                    .require(write.connection(), upload.account(), upload.key().repository())
                    .chain(() -> other.isPresent()
                            ? replace(write, upload)
                            : Uni.createFrom().voidItem())
                    .chain(() -> uploads.settle(write.connection(), upload, generation))
                    .invoke(Uploads::requirePending)
                    .chain(() -> blobs.insert(write, upload, generation, sha256, generation(), clock.instant()))
                    .chain(() -> announce(write, upload))
                    .replaceWith(true);
        });
    }

    /** Takes the damaged blob of the same name away; its object, which no row names any more, is left to the sweep. */
    private Uni<Void> replace(FencedWrite write, Upload upload) {
        return blobs.remove(write, upload.key())
                .flatMap(gone -> quota.release(
                        write.connection(), upload.account(), gone.orElseThrow().size()));
    }

    private Uni<Void> announce(FencedWrite write, Upload upload) {
        if (upload.key().type() != BlobType.SNAPSHOTS) {
            return Uni.createFrom().voidItem();
        }
        var data = new JsonObject()
                .put("accountId", upload.account().toString())
                .put("snapshotId", upload.key().name())
                .put("deviceId", upload.device().value())
                .put("size", upload.size());
        return outbox.add(write.connection(), new OutboxEvent(BACKUP_EVENTS, upload.account(), SNAPSHOT_CREATED, data));
    }

    private static Uni<Void> compare(Blob existing, VerifiedBody body) {
        return BodySink.verify(body)
                .invoke(sha256 -> requireSame(existing, sha256))
                .replaceWithVoid();
    }

    private static void requireSame(Blob existing, String sha256) {
        if (!existing.sha256().equals(sha256)) {
            throw new ProblemException(
                    ErrorCode.CONFLICT, "Another configuration is stored: delete it first, or use another repository.");
        }
    }

    private static void requirePending(boolean pending) {
        if (!pending) {
            throw new ProblemException(
                    ErrorCode.UNAVAILABLE, "The upload took too long: send it again.", Map.of("retryAfter", 1));
        }
    }

    /**
     * Ends a PENDING upload: gives its room back, then deletes the object, unless a commit whose answer was lost has made a blob of
     * it. What fails here is left to {@link OrphanSweep}.
     */
    Uni<Void> discard(Upload upload) {
        return deleteUnless(
                pool.withTransaction(connection -> quota.lock(connection, upload.account())
                        .chain(() -> uploads.settle(connection, upload))
                        .call(pending -> pending
                                ? quota.release(connection, upload.account(), upload.size())
                                : Uni.createFrom().voidItem())
                        .chain(() -> blobs.isNamed(connection, upload.account(), upload.generation()))),
                upload);
    }

    /** Deletes the copy of a commit that failed, unless only the answer of its transaction was lost; the upload stays as it is. */
    private Uni<Void> discardCopy(Upload staged, Upload stored) {
        return deleteUnless(
                pool.withTransaction(connection -> uploads.forgetCopy(connection, staged, stored.generation())
                        .chain(() -> blobs.isNamed(connection, stored.account(), stored.generation()))),
                stored);
    }

    private Uni<Void> deleteUnless(Uni<Boolean> named, Upload upload) {
        return named.flatMap(is -> is ? Uni.createFrom().voidItem() : objects.delete(upload.objectKey()))
                .onFailure()
                .invoke(failure -> LOG.warnf("left to the sweep object=%s reason=%s", upload.objectKey(), failure))
                .onFailure()
                .recoverWithNull();
    }

    private UUID generation() {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
