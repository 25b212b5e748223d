package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceAck.Progress;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceRow;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.participant.SourceClient.Hello;
import org.domicile.platform.participant.TaskRunner.Next;
import org.domicile.platform.region.Regions;

/**
 * Copies an account into its shadow, in passes, while the account lives on at the source; after a CLOSE command (the source is
 * frozen then) one more pass, a comparison by buckets that drops what the source no longer has, and the change to CLOSED.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class Copier {
    private static final int BATCH = 500;
    private static final int GONE_RETRIES = 10;
    /** Versions behind the source at which a shadow counts as caught up: a pass that small ends within the fence. */
    private static final long CAUGHT_UP = 32;

    private static final Duration REST_SLICE = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofMillis(200);
    private static final Duration PROJECTION_LOOK = Duration.ofMillis(10);

    private final Pool pool;
    private final FenceStore fences;
    private final TransferStore transfers;
    private final MacLedger macs;
    private final Acks acks;
    private final Participant participant;
    private final SourceClient.Factory sources;
    private final Regions regions;
    /** The source's counter at which a pass found nothing more to copy. Saves work only: it may be lost. */
    private final Map<AccountId, Long> level = new ConcurrentHashMap<>();

    @Inject
    Copier(
            Pool pool,
            FenceStore fences,
            TransferStore transfers,
            MacLedger macs,
            Acks acks,
            Participant participant,
            SourceClient.Factory sources,
            Regions regions) {
        this.pool = pool;
        this.fences = fences;
        this.transfers = transfers;
        this.macs = macs;
        this.acks = acks;
        this.participant = participant;
        this.sources = sources;
        this.regions = regions;
    }

    Uni<Next> pass(AccountId account, Transfer transfer) {
        var command = CommandConsumer.verified(regions, transfer.grant());
        var source = sources.of(account, command.issuer(), transfer.grant());
        return (transfer.fed() && transfer.macKey() == null ? source.digested() : source.hello())
                .flatMap(hello -> isLevel(account, transfer, hello)
                        ? Uni.createFrom().item(Next.in(IDLE))
                        : pass(account, transfer, hello, source, new CopyMeter(command.pace(), hello.counter())))
                .onFailure(Over.class)
                .recoverWithItem(() -> {
                    level.remove(account);
                    return Next.REST;
                });
    }

    private Uni<Next> pass(AccountId account, Transfer transfer, Hello hello, SourceClient source, CopyMeter meter) {
        return prepared(account, transfer, hello.macKey())
                .flatMap(ready -> copyAll(account, ready, source, meter))
                .flatMap(copied -> transfer.closing() == null
                        ? measure(account, transfer, hello, source, meter)
                        : close(account, transfer, hello.macKey(), source));
    }

    /** Whether nothing was written at the source since a pass that found nothing more to copy. */
    private boolean isLevel(AccountId account, Transfer transfer, Hello hello) {
        return transfer.closing() == null
                && isCaughtUp(transfer)
                && Long.valueOf(hello.counter()).equals(level.get(account));
    }

    /** How far the source has gone on during the pass. */
    private Uni<Next> measure(
            AccountId account, Transfer transfer, Hello before, SourceClient source, CopyMeter meter) {
        return source.hello().flatMap(now -> {
            if (now.counter() == before.counter()) {
                level.put(account, now.counter());
            } else {
                level.remove(account);
            }
            return report(account, transfer, now.counter() - before.counter(), meter);
        });
    }

    /** At the first pass: nothing of an earlier attempt may be left, and the move's MAC key is kept. */
    private Uni<Transfer> prepared(AccountId account, Transfer transfer, byte[] macKey) {
        if (transfer.macKey() != null) {
            return Uni.createFrom().item(transfer);
        }
        if (transfer.fed()) {
            return digested(account, transfer, macKey);
        }
        return Multi.createFrom()
                .iterable(participant.classes())
                .onItem()
                .transformToUniAndConcatenate(c -> c.purge(account).replaceWith(c))
                .collect()
                .asList()
                .flatMap(purged -> transfers.keepMacKey(pool, account, macKey))
                .flatMap(v -> transfers.read(pool, account));
    }

    /** At the first pass of the way back: what the old home kept stays, and is digested under the new key. */
    private Uni<Transfer> digested(AccountId account, Transfer transfer, byte[] macKey) {
        return pool.withTransaction(c -> shadow(c, account, transfer.shadowEpoch())
                .flatMap(row -> macs.refreshAll(c, account, macKey))
                .flatMap(v -> transfers.keepMacKey(c, account, macKey))
                .flatMap(v -> transfers.read(c, account)));
    }

    private Uni<Void> copyAll(AccountId account, Transfer transfer, SourceClient source, CopyMeter meter) {
        return Multi.createFrom()
                .iterable(participant.classes())
                .filter(c -> c.versioned() || transfer.cursor(c.name()) < 0 || transfer.closing() != null)
                .onItem()
                .transformToUniAndConcatenate(
                        c -> copyClass(account, transfer, source, c, transfer.cursor(c.name()), meter)
                                .replaceWith(c))
                .collect()
                .asList()
                .replaceWithVoid();
    }

    private Uni<Void> copyClass(
            AccountId account,
            Transfer transfer,
            SourceClient source,
            RecordClass recordClass,
            long cursor,
            CopyMeter meter) {
        return meter.reading(Uni.createFrom().deferred(() -> source.recordsAfter(recordClass.name(), cursor, BATCH)))
                .flatMap(records -> {
                    if (records.isEmpty()) {
                        return Uni.createFrom().voidItem();
                    }
                    var last = records.get(records.size() - 1).version();
                    return recordClass
                            .fetch(account, records, source)
                            .flatMap(bytes -> meter.writing(store(account, transfer, recordClass, records, last, bytes))
                                    .flatMap(v -> between(account, transfer, meter, records.size(), bytes, last)))
                            .flatMap(v -> records.size() < BATCH || !recordClass.versioned()
                                    ? Uni.createFrom().voidItem()
                                    : copyClass(account, transfer, source, recordClass, last, meter));
                })
                // deleted at the live source between the record and its object: what is listed now lacks it
                .onFailure(SourceClient.Gone.class)
                .retry()
                .atMost(GONE_RETRIES);
    }

    /** After a batch of a live account: tells how far the copy is, now and then, and keeps its pace. Never under the fence. */
    private Uni<Void> between(
            AccountId account, Transfer transfer, CopyMeter meter, long records, long bytes, long version) {
        if (transfer.closing() != null) {
            return Uni.createFrom().voidItem();
        }
        var told = meter.shouldTell()
                ? tell(account, transfer, meter.behind(version), false, meter)
                : Uni.createFrom().voidItem();
        return told.flatMap(v -> rest(account, transfer, meter.rest(records, bytes)));
    }

    /** Rests, but not longer than the shadow lasts. */
    private Uni<Void> rest(AccountId account, Transfer transfer, Duration left) {
        if (!left.isPositive()) {
            return Uni.createFrom().voidItem();
        }
        var slice = left.compareTo(REST_SLICE) < 0 ? left : REST_SLICE;
        return Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(slice)
                .flatMap(v -> pool.withTransaction(c -> shadow(c, account, transfer.shadowEpoch())))
                .flatMap(row -> rest(account, transfer, left.minus(slice)));
    }

    private Uni<Void> tell(AccountId account, Transfer transfer, long behind, boolean caughtUp, CopyMeter meter) {
        return pool.withTransaction(
                c -> shadow(c, account, transfer.shadowEpoch()).flatMap(row -> transfers
                        .read(c, account)
                        .flatMap(t -> acks.copying(
                                c, account, row, meter.progress(t.records(), t.bytes(), behind), caughtUp))));
    }

    /** Writes records and the MACs of what was then read back, if the row is still the shadow of this move (rule 5). */
    private Uni<Void> store(
            AccountId account,
            Transfer transfer,
            RecordClass recordClass,
            List<DataRecord> records,
            long cursor,
            long bytes) {
        return pool.withTransaction(
                c -> shadow(c, account, transfer.shadowEpoch()).flatMap(row -> recordClass
                        .apply(c, account, records)
                        .flatMap(v -> recordClass.byKeys(
                                c,
                                account,
                                records.stream().map(DataRecord::key).toList()))
                        .flatMap(there -> macs.put(c, account, transfer.macKey(), recordClass.name(), there))
                        .flatMap(v -> participant.applied(c, account, row.epoch()))
                        .flatMap(
                                v -> transfers.copied(c, account, recordClass.name(), cursor, records.size(), bytes))));
    }

    private Uni<Next> report(AccountId account, Transfer transfer, long behind, CopyMeter meter) {
        var caughtUp = behind <= CAUGHT_UP;
        var said = isCaughtUp(transfer);
        var next = caughtUp ? Next.in(IDLE) : Next.NOW;
        return caughtUp && said
                ? Uni.createFrom().item(next)
                : tell(account, transfer, behind, caughtUp, meter).replaceWith(next);
    }

    /** Whether the shadow has said that it is. */
    private static boolean isCaughtUp(Transfer transfer) {
        return transfer.ack() != null && transfer.ack().getBoolean("done", false);
    }

    private Uni<Next> close(AccountId account, Transfer transfer, byte[] macKey, SourceClient source) {
        FenceCommand command = transfer.closing();
        level.remove(account);
        return pool.withTransaction(c -> macs.digests(c, account))
                .flatMap(mine -> Multi.createFrom()
                        .iterable(participant.classes())
                        .filter(c -> !mine.get(c.name())
                                .equals(command.manifest().classes().get(c.name())))
                        .onItem()
                        .transformToUniAndConcatenate(
                                c -> reconcile(account, transfer, source, c).replaceWith(c))
                        .collect()
                        .asList())
                .flatMap(v -> participant.projections(pool, account))
                .flatMap(reached -> {
                    var waiting = command.projections() != null
                            && command.projections().entrySet().stream()
                                    .anyMatch(e -> reached.getOrDefault(e.getKey(), 0L) < e.getValue());
                    return waiting
                            ? Uni.createFrom().item(Next.in(PROJECTION_LOOK))
                            : closed(account, command, transfer, macKey).replaceWith(Next.REST);
                });
    }

    private Uni<Void> closed(AccountId account, FenceCommand command, Transfer transfer, byte[] macKey) {
        return pool.withTransaction(c -> shadow(c, account, transfer.shadowEpoch())
                .flatMap(row -> fences.reset(
                        c,
                        account,
                        FenceMode.CLOSED,
                        command.epoch(),
                        command.manifest().counter()))
                .flatMap(row -> macs.manifest(c, account, macKey, row.version()).flatMap(manifest -> transfers
                        .read(c, account)
                        .flatMap(t -> acks.sealed(c, account, row, manifest, new Progress(t.records(), t.bytes(), 0)))))
                .flatMap(v -> transfers.task(c, account, null)));
    }

    /** Makes one class the same as at the source, bucket by bucket: what is not there goes, what is missing or different comes. */
    private Uni<Void> reconcile(AccountId account, Transfer transfer, SourceClient source, RecordClass recordClass) {
        var name = recordClass.name();
        return source.buckets(name)
                .flatMap(theirs -> pool.withTransaction(c -> macs.buckets(c, account, name))
                        .map(mine -> Stream.concat(theirs.keySet().stream(), mine.keySet().stream())
                                .distinct()
                                .filter(b -> !Objects.equals(theirs.get(b), mine.get(b)))
                                .toList()))
                .flatMap(differing -> source.keys(name, differing).flatMap(theirs -> pool.withTransaction(
                                c -> macs.keys(c, account, name, differing))
                        .flatMap(mine -> {
                            var drop = mine.fieldNames().stream()
                                    .filter(k -> !mine.getString(k).equals(theirs.getString(k)))
                                    .toList();
                            var bring = theirs.fieldNames().stream()
                                    .filter(k -> !theirs.getString(k).equals(mine.getString(k)))
                                    .toList();
                            return inBatches(drop, keys -> drop(account, transfer, recordClass, keys))
                                    .flatMap(v -> inBatches(
                                            bring, keys -> bring(account, transfer, source, recordClass, keys)));
                        })));
    }

    private static Uni<Void> inBatches(List<String> keys, Function<List<String>, Uni<Void>> work) {
        var batches = IntStream.iterate(0, from -> from < keys.size(), from -> from + BATCH)
                .mapToObj(from -> keys.subList(from, Math.min(keys.size(), from + BATCH)));
        return Multi.createFrom()
                .items(batches)
                .onItem()
                .transformToUniAndConcatenate(batch -> work.apply(batch).replaceWith(batch))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> drop(AccountId account, Transfer transfer, RecordClass recordClass, List<String> keys) {
        return pool.withTransaction(c -> shadow(c, account, transfer.shadowEpoch())
                .flatMap(row -> recordClass.remove(c, account, keys))
                .flatMap(v -> macs.drop(c, account, recordClass.name(), keys))
                .flatMap(v -> participant.applied(c, account, transfer.shadowEpoch())));
    }

    private Uni<Void> bring(
            AccountId account, Transfer transfer, SourceClient source, RecordClass recordClass, List<String> keys) {
        return source.recordsOf(recordClass.name(), keys).flatMap(records -> recordClass
                .fetch(account, records, source)
                .flatMap(bytes ->
                        store(account, transfer, recordClass, records, transfer.cursor(recordClass.name()), bytes)));
    }

    /** @return the locked row; fails if it is no longer the shadow of this move */
    private Uni<FenceRow> shadow(SqlConnection c, AccountId account, long epoch) {
        return fences.lock(c, account).invoke(row -> {
            if (row.mode() != FenceMode.SHADOW || row.epoch() != epoch) {
                throw new Over();
            }
        });
    }

    /** The row is no longer the shadow that this pass began with: a later command has come. */
    private static final class Over extends RuntimeException {
        Over() {
            super("the shadow is over", null, false, false);
        }
    }
}
