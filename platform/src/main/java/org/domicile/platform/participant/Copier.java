package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Pace;
import org.domicile.platform.participant.SourceClient.Hello;
import org.domicile.platform.participant.TaskRunner.Next;
import org.domicile.platform.participant.Transfer.Looked;
import org.domicile.platform.region.Regions;

/**
 * Copies an account into its shadow, in passes, while the account lives on at the source; {@link Closer} ends the copy.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class Copier {
    private static final int BATCH = 500;
    private static final int GONE_RETRIES = 10;
    /** Versions behind the source at which a shadow counts as caught up: a pass that small ends within the fence. */
    private static final long CAUGHT_UP = 32;
    /**
     * A pass that took no longer leaves behind what one more can copy within the fence: over a long line to an account that is
     * written to all the time, no pass leaves few versions. Half of the fence's deadline.
     */
    private static final Duration QUICK = Duration.ofMillis(2_500);

    private static final Duration REST_SLICE = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofMillis(200);

    private final Pool pool;
    private final TransferStore transfers;
    private final MacLedger macs;
    private final Acks acks;
    private final Participant participant;
    private final SourceClient.Factory sources;
    private final Regions regions;
    private final Shadow shadow;
    private final Closer closer;
    private final CopyProof proofs;
    /** What was level when it was last looked at. Saves work only: it may be lost. */
    private final LevelCopies level;

    @Inject
    Copier(
            Pool pool,
            TransferStore transfers,
            MacLedger macs,
            Acks acks,
            Participant participant,
            SourceClient.Factory sources,
            Regions regions,
            Shadow shadow,
            Closer closer,
            CopyProof proofs,
            CopyConfig config) {
        this.pool = pool;
        this.transfers = transfers;
        this.macs = macs;
        this.acks = acks;
        this.participant = participant;
        this.sources = sources;
        this.regions = regions;
        this.shadow = shadow;
        this.closer = closer;
        this.proofs = proofs;
        this.level = new LevelCopies(config.rarestLook());
    }

    Uni<Next> pass(AccountId account, Transfer transfer) {
        var command = CommandConsumer.verified(regions, transfer.grant());
        var source = sources.of(account, command.issuer(), transfer.grant());
        var closing = transfer.closing() != null && transfer.macKey() != null;
        if (closing) {
            level.remove(account);
        }
        return (closing ? closer.close(account, transfer, source) : copy(account, transfer, command.pace(), source))
                .onFailure(Shadow.Over.class)
                .recoverWithItem(() -> {
                    level.remove(account);
                    return Next.REST;
                });
    }

    /** Compares a copy that is only kept with its home. */
    Uni<Void> check(AccountId account, Transfer transfer) {
        var command = CommandConsumer.verified(regions, transfer.grant());
        return proofs.check(account, transfer, sources.of(account, command.issuer(), transfer.grant()))
                .onFailure(Shadow.Over.class)
                .recoverWithNull();
    }

    private Uni<Next> copy(AccountId account, Transfer transfer, Pace pace, SourceClient source) {
        if (transfer.fed() && transfer.macKey() == null) {
            return source.digested()
                    .flatMap(hello -> digested(account, transfer, hello.macKey()))
                    .flatMap(ready -> passOver(account, ready, source, new CopyMeter(pace)));
        }
        if (isCaughtUp(transfer) && isLevel(account, transfer)) {
            return source.hello()
                    .flatMap(hello -> level.at(account, hello.counter())
                            ? Uni.createFrom()
                                    .item(Next.after(new Looked(hello.counter(), level.rest(account, transfer.fed()))))
                            : passOver(account, transfer, source, new CopyMeter(pace)));
        }
        return passOver(account, transfer, source, new CopyMeter(pace));
    }

    /** Whether it was when it was last looked at, by this process or by another. */
    private boolean isLevel(AccountId account, Transfer transfer) {
        if (!level.knows(account) && transfer.looked() != null) {
            level.found(account, transfer.looked());
        }
        return level.knows(account);
    }

    /** Asks for all classes at once, one round trip, and writes them in their order. */
    private Uni<Next> passOver(AccountId account, Transfer transfer, SourceClient source, CopyMeter meter) {
        var asked = participant.classes().stream()
                .filter(c -> c.versioned() || transfer.cursor(c.name()) < 0)
                .collect(Collectors.toMap(RecordClass::name, c -> transfer.cursor(c.name())));
        return meter.reading(Uni.createFrom().deferred(() -> source.pass(asked, BATCH)))
                .invoke(read -> meter.from(read.hello().counter()))
                .flatMap(read -> prepared(account, transfer, read.hello().macKey())
                        .flatMap(ready -> write(account, ready, source, read.records(), meter)
                                .flatMap(v -> measure(account, ready, read.hello(), source, meter))));
    }

    /** How far the source has gone on during the pass. */
    private Uni<Next> measure(
            AccountId account, Transfer transfer, Hello before, SourceClient source, CopyMeter meter) {
        return source.hello().flatMap(now -> {
            if (now.counter() == before.counter()) {
                level.put(account, now.counter(), transfer.fed());
            } else {
                level.remove(account);
            }
            return report(account, transfer, before, source, meter, now.counter() - before.counter());
        });
    }

    /** At the first pass: nothing of an earlier attempt may be left, and the move's MAC key is kept. */
    private Uni<Transfer> prepared(AccountId account, Transfer transfer, byte[] macKey) {
        if (transfer.macKey() != null) {
            return Uni.createFrom().item(transfer);
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
        return pool.withTransaction(c -> shadow.row(c, account, transfer)
                .flatMap(row -> macs.refreshAll(c, account, macKey))
                .flatMap(v -> transfers.keepMacKey(c, account, macKey))
                .flatMap(v -> transfers.read(c, account)));
    }

    /** What is little is written in one transaction; of what is more, each class by itself, in their order. */
    private Uni<Void> write(
            AccountId account,
            Transfer transfer,
            SourceClient source,
            Map<String, List<DataRecord>> records,
            CopyMeter meter) {
        var classes = participant.classes().stream()
                .filter(c -> !records.getOrDefault(c.name(), List.of()).isEmpty())
                .toList();
        var count = classes.stream().mapToInt(c -> records.get(c.name()).size()).sum();
        return count < BATCH
                ? writeTogether(account, transfer, source, classes, records, meter)
                        .onFailure(SourceClient.Gone.class)
                        .recoverWithUni(() -> writeEach(account, transfer, source, classes, records, meter))
                : writeEach(account, transfer, source, classes, records, meter);
    }

    private Uni<Void> writeTogether(
            AccountId account,
            Transfer transfer,
            SourceClient source,
            List<RecordClass> classes,
            Map<String, List<DataRecord>> records,
            CopyMeter meter) {
        if (classes.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var count = classes.stream().mapToInt(c -> records.get(c.name()).size()).sum();
        var last = classes.stream()
                .mapToLong(c -> records.get(c.name()).getLast().version())
                .max()
                .orElseThrow();
        return Multi.createFrom()
                .iterable(classes)
                .onItem()
                .transformToUniAndConcatenate(
                        c -> c.fetch(account, records.get(c.name()), source).map(bytes -> Map.entry(c.name(), bytes)))
                .collect()
                .asMap(Map.Entry::getKey, Map.Entry::getValue)
                .flatMap(bytes -> meter.writing(shadow.store(account, transfer, classes, records, bytes))
                        .flatMap(v -> between(
                                account,
                                transfer,
                                meter,
                                count,
                                bytes.values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum(),
                                last)));
    }

    private Uni<Void> writeEach(
            AccountId account,
            Transfer transfer,
            SourceClient source,
            List<RecordClass> classes,
            Map<String, List<DataRecord>> records,
            CopyMeter meter) {
        return Multi.createFrom()
                .iterable(classes)
                .onItem()
                .transformToUniAndConcatenate(c -> copyBatch(account, transfer, source, c, records.get(c.name()), meter)
                        // deleted at the live source between the record and its object: what is listed now lacks it
                        .onFailure(SourceClient.Gone.class)
                        .recoverWithUni(() -> copyClass(account, transfer, source, c, transfer.cursor(c.name()), meter))
                        .replaceWith(c))
                .collect()
                .asList()
                .replaceWithVoid();
    }

    private static Uni<List<DataRecord>> read(
            SourceClient source, RecordClass recordClass, long cursor, CopyMeter meter) {
        return meter.reading(Uni.createFrom().deferred(() -> source.recordsAfter(recordClass.name(), cursor, BATCH)));
    }

    private Uni<Void> copyClass(
            AccountId account,
            Transfer transfer,
            SourceClient source,
            RecordClass recordClass,
            long cursor,
            CopyMeter meter) {
        return read(source, recordClass, cursor, meter)
                .flatMap(records -> copyBatch(account, transfer, source, recordClass, records, meter))
                .onFailure(SourceClient.Gone.class)
                .retry()
                .atMost(GONE_RETRIES);
    }

    private Uni<Void> copyBatch(
            AccountId account,
            Transfer transfer,
            SourceClient source,
            RecordClass recordClass,
            List<DataRecord> records,
            CopyMeter meter) {
        if (records.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var last = records.get(records.size() - 1).version();
        return recordClass
                .fetch(account, records, source)
                .flatMap(bytes -> meter.writing(shadow.store(account, transfer, recordClass, records, last, bytes))
                        .flatMap(v -> between(account, transfer, meter, records.size(), bytes, last)))
                .flatMap(v -> records.size() < BATCH || !recordClass.versioned()
                        ? Uni.createFrom().voidItem()
                        : copyClass(account, transfer, source, recordClass, last, meter));
    }

    /** After a batch: tells how far the copy is, now and then, and keeps its pace. */
    private Uni<Void> between(
            AccountId account, Transfer transfer, CopyMeter meter, long records, long bytes, long version) {
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
                .flatMap(v -> pool.withTransaction(c -> shadow.row(c, account, transfer)))
                .flatMap(row -> rest(account, transfer, left.minus(slice)));
    }

    private Uni<Void> tell(AccountId account, Transfer transfer, long behind, boolean caughtUp, CopyMeter meter) {
        return pool.withTransaction(c -> shadow.row(c, account, transfer).flatMap(row -> transfers
                .read(c, account)
                .flatMap(
                        t -> acks.copying(c, account, row, meter.progress(t.records(), t.bytes(), behind), caughtUp))));
    }

    private Uni<Next> report(
            AccountId account, Transfer transfer, Hello before, SourceClient source, CopyMeter meter, long behind) {
        var caughtUp = behind <= CAUGHT_UP || meter.took().compareTo(QUICK) <= 0;
        if (!caughtUp) {
            return tell(account, transfer, behind, false, meter).replaceWith(Next.NOW);
        }
        return isCaughtUp(transfer)
                ? Uni.createFrom().item(Next.in(IDLE))
                : proofs.prove(account, transfer, before, source, meter, behind);
    }

    /** Whether the shadow has said that it is. */
    private static boolean isCaughtUp(Transfer transfer) {
        return transfer.ack() != null && transfer.ack().getBoolean("done", false);
    }
}
