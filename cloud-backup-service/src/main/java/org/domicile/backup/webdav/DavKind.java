package org.domicile.backup.webdav;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.domicile.backup.BackupConfig;
import org.domicile.backup.blob.StoredKind;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FencedWrite;

/** Contents of WebDAV files: several objects each. */
@ApplicationScoped
public class DavKind implements StoredKind {
    private final ContentStore contents;
    private final Uploading uploading;
    private final BackupConfig config;

    @Inject
    public DavKind(ContentStore contents, Uploading uploading, BackupConfig config) {
        this.contents = contents;
        this.uploading = uploading;
        this.config = config;
    }

    @Override
    public String root() {
        return PartLayout.ROOT;
    }

    /** Their objects are the sweep's to find. */
    @Override
    public Uni<Long> endUploads(Instant now) {
        return contents.begunBefore(now.minus(config.pending())).flatMap(late -> Multi.createFrom()
                .iterable(late)
                .onItem()
                .transformToUniAndConcatenate(upload ->
                        uploading.release(upload.account(), upload.generation()).replaceWith(1L))
                .collect()
                .with(Collectors.counting()));
    }

    @Override
    public Uni<List<AccountId>> accountsWithTrash(Instant before, Instant whileMoved) {
        return contents.accountsWithTrash(before, whileMoved);
    }

    @Override
    public Uni<Purged> purge(FencedWrite write, Instant before) {
        return contents.purge(write, before)
                .map(gone -> new Purged(
                        gone.size(),
                        gone.stream()
                                .flatMap(content -> PartLayout.keys(write.account(), content).stream())
                                .toList(),
                        false));
    }

    @Override
    public Uni<List<UUID>> named(AccountId account, List<UUID> generations) {
        return contents.named(account, generations);
    }
}
