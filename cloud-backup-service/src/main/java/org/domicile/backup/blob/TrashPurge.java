package org.domicile.backup.blob;

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

/**
 * Ends what has been in the trash for the whole window. A purge is a write like any other: while an account is being moved it
 * waits, and then happens at the new home.
 */
@ApplicationScoped
public class TrashPurge {
    private static final Logger LOG = Logger.getLogger(TrashPurge.class);
    private static final int BATCH = 1000;

    private final Fence fence;
    private final BlobStore blobs;
    private final ObjectStore objects;
    private final PurgeProof proof;
    private final BackupConfig config;
    private final Clock clock;

    @Inject
    public TrashPurge(
            Fence fence, BlobStore blobs, ObjectStore objects, PurgeProof proof, BackupConfig config, Clock clock) {
        this.fence = fence;
        this.blobs = blobs;
        this.objects = objects;
        this.proof = proof;
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

    /** @return how many blobs are gone */
    public Uni<Long> purge() {
        var before = clock.instant().minus(config.trash());
        return blobs.accountsWithTrash(before).flatMap(accounts -> Multi.createFrom()
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
        return fence.write(account, write -> blobs.purge(write, before)).flatMap(gone -> {
            var keys = gone.stream().map(g -> ObjectStore.key(account, g)).toList();
            var deleted =
                    objects.delete(keys).chain(() -> proof.left(account, keys)).replaceWith((long) keys.size());
            return keys.size() < BATCH
                    ? deleted
                    : deleted.flatMap(count -> purge(account, before).map(more -> count + more));
        });
    }
}
