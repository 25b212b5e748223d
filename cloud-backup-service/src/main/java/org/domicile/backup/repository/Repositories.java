package org.domicile.backup.repository;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.domicile.backup.blob.BlobStore;
import org.domicile.backup.usage.Quota;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.device.Device;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;

/** Making and deleting repositories. */
@ApplicationScoped
public class Repositories {
    private final Fence fence;
    private final RepositoryStore repositories;
    private final BlobStore blobs;
    private final Quota quota;
    private final Clock clock;

    @Inject
    public Repositories(Fence fence, RepositoryStore repositories, BlobStore blobs, Quota quota, Clock clock) {
        this.fence = fence;
        this.repositories = repositories;
        this.blobs = blobs;
        this.quota = quota;
        this.clock = clock;
    }

    /** Makes the repository if it does not exist. */
    public Uni<Void> create(Device device, RepositoryName name) {
        return fence.write(
                device.account(),
                Feature.BACKUP,
                write -> repositories.insert(write, name, device.id(), clock.instant()));
    }

    /** As part of a write that brings blobs of the repository back: makes it again if it was deleted. */
    public Uni<Void> ensure(FencedWrite write, RepositoryName name) {
        return repositories.insert(write, name, null, clock.instant());
    }

    /** Deletes the repository; its blobs go through the trash. */
    public Uni<Void> delete(Device device, RepositoryName name) {
        if (device.appendOnly()) {
            return Uni.createFrom()
                    .failure(new ProblemException(
                            ErrorCode.FORBIDDEN,
                            "This device may add but not delete: use a device that is not append-only."));
        }
        return fence.write(device.account(), write -> repositories
                .delete(write, name)
                .chain(() -> blobs.trashRepository(write, name, clock.instant()))
                .chain(bytes -> quota.release(write.connection(), device.account(), bytes)));
    }
}
