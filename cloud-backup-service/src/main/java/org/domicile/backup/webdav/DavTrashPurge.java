package org.domicile.backup.webdav;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.stream.Collectors;
import org.domicile.backup.BackupConfig;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.jboss.logging.Logger;

/** Ends the files that have been in the trash for the whole window; while an account is being moved it waits. */
@ApplicationScoped
public class DavTrashPurge {
    private static final Logger LOG = Logger.getLogger(DavTrashPurge.class);

    private final Fence fence;
    private final ContentStore contents;
    private final ContentWriter writer;
    private final BackupConfig config;
    private final Clock clock;

    @Inject
    public DavTrashPurge(Fence fence, ContentStore contents, ContentWriter writer, BackupConfig config, Clock clock) {
        this.fence = fence;
        this.contents = contents;
        this.writer = writer;
        this.config = config;
        this.clock = clock;
    }

    @Scheduled(
            every = "${domicile.backup.sweep:10m}",
            delayed = "${domicile.backup.sweep:10m}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> scheduled() {
        return purge().replaceWithVoid();
    }

    /** @return how many contents are gone */
    public Uni<Long> purge() {
        var before = clock.instant().minus(config.trash());
        return contents.accountsWithTrash(before).flatMap(accounts -> Multi.createFrom()
                .iterable(accounts)
                .onItem()
                .transformToUniAndConcatenate(account -> purge(account, before)
                        .onFailure()
                        .invoke(failure -> LOG.warnf("trash kept for now account=%s reason=%s", account, failure))
                        .onFailure()
                        .recoverWithItem(0L))
                .collect()
                .with(Collectors.summingLong(Long::longValue)));
    }

    private Uni<Long> purge(AccountId account, Instant before) {
        return fence.write(account, write -> contents.purge(write, before)).flatMap(gone -> Multi.createFrom()
                .iterable(gone)
                .onItem()
                .transformToUniAndConcatenate(
                        content -> writer.delete(account, content.generation(), PartLayout.parts(content.size()))
                                .replaceWith(1L))
                .collect()
                .with(Collectors.counting()));
    }
}
