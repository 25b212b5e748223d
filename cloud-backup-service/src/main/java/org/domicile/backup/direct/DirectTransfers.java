package org.domicile.backup.direct;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.domicile.backup.BackupConfig;
import org.domicile.backup.blob.BlobKey;
import org.domicile.backup.blob.Blobs;
import org.domicile.backup.blob.ObjectStore;
import org.domicile.backup.blob.Uploads;
import org.domicile.platform.device.Device;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * Uploads that go to the store without passing through the service. A URL writes to a staging object only; the commit copies it to
 * where no URL reaches, verifies the copy, and shows it under the consent gate and the fence, as every upload is shown.
 */
@ApplicationScoped
public class DirectTransfers {
    private final Uploads uploads;
    private final Blobs blobs;
    private final Presigner presigner;
    private final PresignedStore presigned;
    private final DirectConfig config;
    private final BackupConfig backup;
    private final Clock clock;

    @Inject
    public DirectTransfers(
            Uploads uploads,
            Blobs blobs,
            Presigner presigner,
            PresignedStore presigned,
            DirectConfig config,
            BackupConfig backup,
            Clock clock) {
        this.uploads = uploads;
        this.blobs = blobs;
        this.presigner = presigner;
        this.presigned = presigned;
        this.config = config;
        this.backup = backup;
        this.clock = clock;
    }

    /** @return a URL to put the content to; empty if it is stored already */
    public Uni<Optional<DirectUrl>> begin(Device device, BlobKey key, long size) {
        requireOn();
        if (size > backup.maxBlob()) {
            throw new ProblemException(
                    ErrorCode.PAYLOAD_TOO_LARGE, "Send blobs of at most " + backup.maxBlob() + " bytes.");
        }
        var expiry = clock.instant().plus(config.lifetime());
        return uploads.beginDirect(device, key, size, expiry, write -> presigned.until(write, device.account(), expiry))
                .map(begun ->
                        begun.map(upload -> presigner.put(upload.generation(), upload.objectKey(), size, key.name())));
    }

    /** Makes what was put LIVE; repeatable. */
    public Uni<Void> commit(Device device, BlobKey key, UUID upload) {
        return uploads.findDirect(device, key, upload)
                .flatMap(found -> found.isPresent()
                        ? uploads.commitDirect(found.get())
                        : blobs.require(device, key).replaceWithVoid());
    }

    /** @return a URL to get a LIVE blob from; fails with NOT_FOUND (404) */
    public Uni<DirectUrl> download(Device device, BlobKey key) {
        requireOn();
        return blobs.require(device, key)
                .map(blob -> presigner.get(ObjectStore.key(device.account(), blob.generation()), blob.size()));
    }

    private void requireOn() {
        if (!config.enabled()) {
            throw new ProblemException(
                    ErrorCode.NOT_FOUND, "Direct transfer is off here: use /restic/ with the same credential.");
        }
    }
}
