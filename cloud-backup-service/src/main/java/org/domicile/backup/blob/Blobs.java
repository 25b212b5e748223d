package org.domicile.backup.blob;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.domicile.backup.usage.Quota;
import org.domicile.platform.device.Device;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;

/** Reading and deleting what is LIVE. */
@ApplicationScoped
public class Blobs {
    private final Fence fence;
    private final BlobStore blobs;
    private final ObjectStore objects;
    private final Quota quota;
    private final Clock clock;

    @Inject
    public Blobs(Fence fence, BlobStore blobs, ObjectStore objects, Quota quota, Clock clock) {
        this.fence = fence;
        this.blobs = blobs;
        this.objects = objects;
        this.quota = quota;
        this.clock = clock;
    }

    /** @return fails with NOT_FOUND (404) */
    public Uni<Blob> require(Device device, BlobKey key) {
        return blobs.find(device.account(), key).map(found -> found.orElseThrow(Blobs::missing));
    }

    /** Moves a blob into the trash, a lock out of existence; an append-only device may delete locks only. */
    public Uni<Void> delete(Device device, BlobKey key) {
        if (device.appendOnly() && key.type() != BlobType.LOCKS) {
            return Uni.createFrom()
                    .failure(new ProblemException(
                            ErrorCode.FORBIDDEN,
                            "This device may add but not delete: use a device that is not append-only."));
        }
        return fence.write(device.account(), write -> (key.type().hasTrash()
                                ? blobs.trash(write, key, clock.instant())
                                : blobs.remove(write, key))
                        .map(gone -> gone.orElseThrow(Blobs::missing))
                        .call(gone -> quota.release(write.connection(), device.account(), gone.size())))
                .call(gone -> key.type().hasTrash()
                        ? Uni.createFrom().voidItem()
                        : objects.delete(ObjectStore.key(device.account(), gone.generation()))
                                .onFailure()
                                .recoverWithNull())
                .replaceWithVoid()
                .memoize()
                .indefinitely();
    }

    private static ProblemException missing() {
        return new ProblemException(ErrorCode.NOT_FOUND, "The repository has no such file.");
    }
}
