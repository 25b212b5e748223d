package org.domicile.backup.blob;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.domicile.backup.BackupConfig;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FencedWrite;

/** Blobs of repositories: one object each. */
@ApplicationScoped
public class BlobKind implements StoredKind {
    private final BlobStore blobs;
    private final UploadStore uploadStore;
    private final Uploads uploads;
    private final BackupConfig config;

    @Inject
    public BlobKind(BlobStore blobs, UploadStore uploadStore, Uploads uploads, BackupConfig config) {
        this.blobs = blobs;
        this.uploadStore = uploadStore;
        this.uploads = uploads;
        this.config = config;
    }

    @Override
    public String root() {
        return ObjectStore.ROOT;
    }

    /** Those that are over, and of which the device was not told, are forgotten by another clock. */
    @Override
    public Uni<Long> endUploads(Instant now) {
        return uploadStore
                .startedBefore(now.minus(config.pending()))
                .flatMap(late -> Multi.createFrom()
                        .iterable(late)
                        .onItem()
                        .transformToUniAndConcatenate(
                                upload -> uploads.discard(upload).replaceWith(1L))
                        .collect()
                        .with(Collectors.counting()))
                .call(() -> uploadStore.forgetBefore(now.minus(config.cleanup())));
    }

    @Override
    public Uni<List<AccountId>> accountsWithTrash(Instant before, Instant whileMoved) {
        return blobs.accountsWithTrash(before, whileMoved);
    }

    @Override
    public Uni<Purged> purge(FencedWrite write, Instant before) {
        return blobs.purge(write, before)
                .map(gone -> new Purged(
                        gone.size(),
                        gone.stream()
                                .map(generation -> ObjectStore.key(write.account(), generation))
                                .toList(),
                        gone.size() == BlobStore.PURGE_BATCH));
    }

    @Override
    public Uni<List<UUID>> named(AccountId account, List<UUID> generations) {
        return blobs.named(account, generations);
    }
}
