package org.domicile.backup.blob;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.domicile.backup.BackupConfig;
import org.domicile.backup.usage.Quota;
import org.domicile.platform.device.Device;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;

/** Reading and deleting what is LIVE. */
@ApplicationScoped
public class Blobs {
    private final Fence fence;
    private final BlobStore blobs;
    private final ObjectStore objects;
    private final Quota quota;
    private final UploadStore uploads;
    private final ToldUploads told;
    private final BackupConfig config;
    private final Clock clock;

    @Inject
    public Blobs(
            Fence fence,
            BlobStore blobs,
            ObjectStore objects,
            Quota quota,
            UploadStore uploads,
            ToldUploads told,
            BackupConfig config,
            Clock clock) {
        this.fence = fence;
        this.blobs = blobs;
        this.objects = objects;
        this.quota = quota;
        this.uploads = uploads;
        this.told = told;
        this.config = config;
        this.clock = clock;
    }

    /** @return fails with NOT_FOUND (404) */
    public Uni<Blob> require(Device device, BlobKey key) {
        return blobs.find(device.account(), key).map(found -> found.orElseThrow(Blobs::missing));
    }

    /**
     * Moves a blob into the trash, a lock out of existence; an append-only device may delete locks only.
     *
     * <p>A stock client deletes a name after its upload failed, or seemed to: that ends the upload and nothing else, so that a blob
     * which was good before, or became good though the device was not told, stays.
     *
     * @return fails with NOT_FOUND (404) if nothing of the name is LIVE
     */
    public Uni<Void> delete(Device device, BlobKey key) {
        if (device.appendOnly() && key.type() != BlobType.LOCKS) {
            return Uni.createFrom()
                    .failure(new ProblemException(
                            ErrorCode.FORBIDDEN,
                            "This device may add but not delete: use a device that is not append-only."));
        }
        var deleted = key.type().hasTrash()
                ? fence.write(device.account(), write -> endsUpload(write, device, key)
                        .flatMap(ends -> ends ? requireLive(write, key) : trash(write, key)))
                : fence.write(device.account(), write -> blobs.remove(write, key)
                                .map(gone -> gone.orElseThrow(Blobs::missing))
                                .call(gone -> quota.release(write.connection(), device.account(), gone.size())))
                        .call(gone -> objects.delete(ObjectStore.key(device.account(), gone.generation()))
                                .onFailure()
                                .recoverWithNull());
        return deleted.replaceWithVoid().memoize().indefinitely();
    }

    private Uni<Boolean> endsUpload(FencedWrite write, Device device, BlobKey key) {
        return quota.lock(write.connection(), device.account())
                .chain(() ->
                        uploads.excuse(write, key, device.id(), clock.instant().minus(config.cleanup())))
                .map(ended -> ended.stream().anyMatch(generation -> !told.contains(generation)));
    }

    private Uni<Blob> requireLive(FencedWrite write, BlobKey key) {
        return blobs.find(write.connection(), write.account(), key).map(found -> found.orElseThrow(Blobs::missing));
    }

    private Uni<Blob> trash(FencedWrite write, BlobKey key) {
        return blobs.trash(write, key, clock.instant())
                .map(gone -> gone.orElseThrow(Blobs::missing))
                .call(gone -> quota.release(write.connection(), write.account(), gone.size()));
    }

    private static ProblemException missing() {
        return new ProblemException(ErrorCode.NOT_FOUND, "The repository has no such file.");
    }
}
