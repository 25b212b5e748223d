package org.domicile.backup.blob;

import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.domicile.backup.trash.TrashWindow;
import org.domicile.backup.turn.Turns;
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

    private final Fence fence;
    private final List<StoredKind> kinds;
    private final ObjectStore objects;
    private final PurgeProof proof;
    private final TrashWindow window;
    private final Turns turns;
    private final Clock clock;

    @Inject
    public TrashPurge(
            Fence fence,
            @All List<StoredKind> kinds,
            ObjectStore objects,
            PurgeProof proof,
            TrashWindow window,
            Turns turns,
            Clock clock) {
        this.fence = fence;
        this.kinds = List.copyOf(kinds);
        this.objects = objects;
        this.proof = proof;
        this.window = window;
        this.turns = turns;
        this.clock = clock;
    }

    @Scheduled(
            every = "${domicile.backup.sweep:10m}",
            delayed = "${domicile.backup.sweep:10m}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> scheduled() {
        return turns.take("trash", this::purge).replaceWithVoid();
    }

    /** @return how many blobs and files are gone */
    public Uni<Long> purge() {
        var now = clock.instant();
        return sum(Multi.createFrom().iterable(kinds).onItem().transformToUniAndConcatenate(kind -> purge(kind, now)));
    }

    private Uni<Long> purge(StoredKind kind, Instant now) {
        return kind.accountsWithTrash(now.minus(window.longest()), now.minus(window.shortest()))
                .flatMap(accounts -> sum(Multi.createFrom()
                        .iterable(accounts)
                        .onItem()
                        .transformToUniAndConcatenate(account -> purgeOrKeep(kind, account, now))));
    }

    private Uni<Long> purgeOrKeep(StoredKind kind, AccountId account, Instant now) {
        return window.of(account)
                .flatMap(kept -> purge(kind, account, now.minus(kept)))
                .onFailure()
                .invoke(failure -> LOG.warnf("trash not purged account=%s reason=%s", account, failure))
                .onFailure()
                .recoverWithItem(0L);
    }

    private Uni<Long> purge(StoredKind kind, AccountId account, Instant before) {
        return fence.write(account, write -> kind.purge(write, before))
                .call(gone -> objects.delete(gone.keys())
                        .onFailure()
                        .recoverWithUni(failure -> undeleted(account, failure))
                        .chain(() -> proof.left(account, kind.prefix(account), gone.keys()))
                        .onFailure()
                        .call(() -> proof.alarm(account, gone.keys().size())))
                .flatMap(gone -> gone.more()
                        ? purge(kind, account, before).map(more -> gone.count() + more)
                        : Uni.createFrom().item(gone.count()));
    }

    /** The rows are gone, so what is left is counted by the proof, and deleted by the sweep. */
    private static Uni<Void> undeleted(AccountId account, Throwable failure) {
        LOG.warnf("left to the sweep account=%s reason=%s", account, failure);
        return Uni.createFrom().voidItem();
    }

    private static Uni<Long> sum(Multi<Long> counts) {
        return counts.collect().with(Collectors.summingLong(Long::longValue));
    }
}
