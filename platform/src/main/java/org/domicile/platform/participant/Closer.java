package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceAck.Progress;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.participant.TaskRunner.Next;
import org.domicile.platform.verify.Comparison.Rule;
import org.domicile.platform.verify.Verification;

/**
 * Ends a copy when CLOSE has come: the source is frozen, its manifest is known. Classes whose digest is the manifest's are the
 * same; the others are made so in one exchange. Then the row changes to CLOSED and the digests are computed once more (rule 6).
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class Closer {
    private static final int BATCH = 500;
    private static final Duration PROJECTION_LOOK = Duration.ofMillis(10);

    private final Pool pool;
    private final FenceStore fences;
    private final TransferStore transfers;
    private final MacLedger macs;
    private final Acks acks;
    private final Participant participant;
    private final Shadow shadow;
    private final Verifier verifier;

    @Inject
    Closer(
            Pool pool,
            FenceStore fences,
            TransferStore transfers,
            MacLedger macs,
            Acks acks,
            Participant participant,
            Shadow shadow,
            Verifier verifier) {
        this.pool = pool;
        this.fences = fences;
        this.transfers = transfers;
        this.macs = macs;
        this.acks = acks;
        this.participant = participant;
        this.shadow = shadow;
        this.verifier = verifier;
    }

    Uni<Next> close(AccountId account, Transfer transfer, SourceClient source) {
        return differing(account, transfer)
                .flatMap(classes ->
                        classes.isEmpty() ? Uni.createFrom().voidItem() : level(account, transfer, source, classes))
                .flatMap(v -> participant.projections(pool, account))
                .flatMap(reached -> {
                    var wanted = transfer.closing().projections();
                    var waiting = wanted != null
                            && wanted.entrySet().stream()
                                    // a participant that does not project a ledger does not wait for it
                                    .anyMatch(e -> reached.getOrDefault(e.getKey(), e.getValue()) < e.getValue());
                    return waiting
                            ? Uni.createFrom().item(Next.in(PROJECTION_LOOK))
                            : participant
                                    .closing(account)
                                    .flatMap(v2 -> closed(account, transfer, source))
                                    .replaceWith(Next.REST);
                });
    }

    private Uni<List<RecordClass>> differing(AccountId account, Transfer transfer) {
        var sealed = transfer.closing().manifest().classes();
        return pool.withTransaction(c -> macs.digests(c, account)).map(mine -> participant.classes().stream()
                .filter(c -> !mine.get(c.name()).equals(sealed.get(c.name())))
                .toList());
    }

    private Uni<Void> level(AccountId account, Transfer transfer, SourceClient source, List<RecordClass> classes) {
        return pool.withTransaction(c -> macs.held(c, account, transfer, classes))
                .flatMap(source::changes)
                .flatMap(changes -> each(classes, c -> apply(account, transfer, source, c, changes.get(c.name()))));
    }

    private Uni<Void> apply(
            AccountId account, Transfer transfer, SourceClient source, RecordClass recordClass, Changes changes) {
        var name = recordClass.name();
        return stored(account, transfer, source, recordClass, changes.records())
                .flatMap(v -> pool.withTransaction(c -> macs.keys(c, account, name, changes.buckets())))
                .flatMap(mine -> inBatches(
                                changes.toDrop(mine), keys -> shadow.drop(account, transfer, recordClass, keys))
                        .flatMap(v -> inBatches(changes.toBring(mine), keys -> source.recordsOf(name, keys)
                                .flatMap(records -> stored(account, transfer, source, recordClass, records)))));
    }

    private Uni<Void> stored(
            AccountId account,
            Transfer transfer,
            SourceClient source,
            RecordClass recordClass,
            List<DataRecord> records) {
        return records.isEmpty()
                ? Uni.createFrom().voidItem()
                : shadow.fetchAndStore(
                                account, transfer, recordClass, records, transfer.cursor(recordClass.name()), source)
                        .replaceWithVoid();
    }

    private Uni<Void> closed(AccountId account, Transfer transfer, SourceClient source) {
        return closed(account, transfer, (Verification) null)
                .onFailure(Unequal.class)
                .recoverWithUni(() -> verifier.compare(account, transfer.macKey(), Long.MAX_VALUE, Rule.SEALED, source)
                        .flatMap(found -> closed(account, transfer, found.verification())));
    }

    /**
     * @param found what the verifier says, as the digests are not the sealed ones: the move ends, and somebody will look
     * @return fails with {@link Unequal} if they are not, and the verifier has not been asked
     */
    private Uni<Void> closed(AccountId account, Transfer transfer, Verification found) {
        var command = transfer.closing();
        return pool.withTransaction(c -> shadow.row(c, account, transfer)
                .flatMap(row -> fences.reset(
                        c,
                        account,
                        FenceMode.CLOSED,
                        command.epoch(),
                        command.manifest().counter()))
                .flatMap(row -> macs.manifest(c, account, transfer.macKey(), row.version())
                        .invoke(manifest -> {
                            if (found == null && !manifest.sameContentAs(command.manifest())) {
                                throw new Unequal();
                            }
                        })
                        .flatMap(manifest -> transfers
                                .read(c, account)
                                .flatMap(t -> acks.closed(
                                        c, account, row, manifest, new Progress(t.records(), t.bytes(), 0), found))))
                .flatMap(v -> transfers.task(c, account, null)));
    }

    private static final class Unequal extends RuntimeException {
        Unequal() {
            super("closed with other digests than the sealed ones", null, false, false);
        }
    }

    private static Uni<Void> inBatches(List<String> keys, Function<List<String>, Uni<Void>> work) {
        return each(
                IntStream.iterate(0, from -> from < keys.size(), from -> from + BATCH)
                        .mapToObj(from -> keys.subList(from, Math.min(keys.size(), from + BATCH)))
                        .toList(),
                work);
    }

    private static <T> Uni<Void> each(List<T> items, Function<T, Uni<Void>> work) {
        return Multi.createFrom()
                .iterable(items)
                .onItem()
                .transformToUniAndConcatenate(item -> work.apply(item).replaceWith(item))
                .collect()
                .last()
                .replaceWithVoid();
    }
}
