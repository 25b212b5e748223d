package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceAck.Progress;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceRow;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.fence.Manifest;
import org.domicile.platform.participant.MacLedger.Braced;
import org.domicile.platform.participant.TaskRunner.Next;
import org.domicile.platform.participant.Transfer.Brace;
import org.domicile.platform.participant.Transfer.Task;
import org.domicile.platform.verify.Comparison.Rule;
import org.domicile.platform.verify.Verification;
import org.jboss.logging.Logger;

/**
 * Ends a copy when the source is frozen and its manifest is known, by CLOSE or from the source itself. Classes whose digest is the
 * manifest's are the same; the others are made so in one exchange. Then the row changes to CLOSED and the digests are computed once
 * more (rule 6).
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class Closer {
    private static final Logger LOG = Logger.getLogger(Closer.class);
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
    private final Express express;
    private final SourceClient.Factory sources;

    @Inject
    Closer(
            Pool pool,
            FenceStore fences,
            TransferStore transfers,
            MacLedger macs,
            Acks acks,
            Participant participant,
            Shadow shadow,
            Verifier verifier,
            Express express,
            SourceClient.Factory sources) {
        this.pool = pool;
        this.fences = fences;
        this.transfers = transfers;
        this.macs = macs;
        this.acks = acks;
        this.participant = participant;
        this.shadow = shadow;
        this.verifier = verifier;
        this.express = express;
        this.sources = sources;
    }

    Uni<Next> close(AccountId account, Transfer transfer, SourceClient source) {
        return differing(account, transfer)
                .flatMap(classes ->
                        classes.isEmpty() ? Uni.createFrom().voidItem() : level(account, transfer, source, classes))
                .flatMap(v -> participant.projections(pool, account))
                .flatMap(reached -> isReached(transfer.closing(), reached)
                        ? participant
                                .closing(account)
                                .flatMap(v -> closed(account, transfer, source))
                                .replaceWith(Next.REST)
                        : Uni.createFrom().item(Next.in(PROJECTION_LOOK)));
    }

    /** Rule 11: the ledgers may be ahead of what is projected here. A participant that does not project one does not wait for it. */
    private static boolean isReached(FenceCommand close, Map<String, Long> reached) {
        return close.projections() == null
                || close.projections().entrySet().stream()
                        .allMatch(e -> reached.getOrDefault(e.getKey(), e.getValue()) >= e.getValue());
    }

    /**
     * Closes in one transaction if the shadow is level with the manifest, once the changes that came with it are in; else notes the
     * command, which is then for {@link #close}. A participant that awaits commands waits for the order, which another system must have
     * first.
     *
     * @param transfer the shadow's
     * @param changes class → what the source says that the shadow lacks
     * @return whether it is closed; fails with {@link Shadow.Over} if the row is not the shadow of this move
     */
    Uni<Boolean> closeNow(FenceCommand close, Transfer transfer, Map<String, Changes> changes) {
        var account = close.accountId();
        var brought = participant.classes().stream()
                .filter(of -> changes.containsKey(of.name()))
                .map(of -> new Brought(of, changes.get(of.name())))
                .toList();
        return fetched(close, transfer, brought)
                .flatMap(fetched -> pool.withTransaction(c -> shadow.row(c, account, close.shadowEpoch())
                        .flatMap(row -> participant.awaitsCommands()
                                ? Uni.createFrom().item(Optional.<JsonObject>empty())
                                : each(fetched, b -> bring(c, account, transfer, b))
                                        .flatMap(v -> closeNow(c, close)))))
                .map(ack -> {
                    ack.ifPresent(said -> express.report(close.issuer(), said));
                    return ack.isPresent();
                });
    }

    /** What the source brought of one class. */
    private record Brought(RecordClass recordClass, Changes changes, long bytes) {
        Brought(RecordClass recordClass, Changes changes) {
            this(recordClass, changes, 0);
        }
    }

    /** With what the records refer to; nothing if that cannot be had now: {@link #close} asks for all of it. */
    private Uni<List<Brought>> fetched(FenceCommand close, Transfer transfer, List<Brought> brought) {
        var source = sources.of(close.accountId(), close.issuer(), transfer.grant());
        return Multi.createFrom()
                .iterable(transfer.macKey() == null ? List.<Brought>of() : brought)
                .onItem()
                .transformToUniAndConcatenate(b -> b.recordClass()
                        .fetch(close.accountId(), b.changes().records(), source)
                        .map(bytes -> new Brought(b.recordClass(), b.changes(), bytes)))
                .collect()
                .asList()
                .onFailure()
                .invoke(f -> LOG.infof("the last changes are asked for reason=%s", f))
                .onFailure()
                .recoverWithItem(List.of());
    }

    private Uni<Void> bring(SqlConnection c, AccountId account, Transfer transfer, Brought brought) {
        var of = brought.recordClass();
        var changes = brought.changes();
        var stored = changes.records().isEmpty()
                ? Uni.createFrom().voidItem()
                : shadow.store(
                        c, account, transfer, of, changes.records(), transfer.cursor(of.name()), brought.bytes());
        return changes.buckets().isEmpty()
                ? stored
                : stored.flatMap(v -> macs.keys(c, account, of.name(), changes.buckets()))
                        .map(changes::toDrop)
                        .flatMap(gone -> gone.isEmpty()
                                ? Uni.createFrom().voidItem()
                                : shadow.drop(c, account, transfer, of, gone));
    }

    /** What is in the way, if anything, is told by {@link #close}. */
    private Uni<Optional<JsonObject>> closeNow(SqlConnection c, FenceCommand close) {
        var account = close.accountId();
        return transfers
                .read(c, account)
                .flatMap(transfer -> level(c, transfer, close))
                .onFailure(MoveBlocked.class)
                .recoverWithItem(Optional.empty())
                .flatMap(level -> level.isPresent()
                        ? participant
                                .closing(account)
                                .flatMap(v -> closed(c, close, level.get(), null))
                                .map(Optional::of)
                        : transfers.closing(c, account, close).replaceWith(Optional.<JsonObject>empty()));
    }

    /** What is here, if it is what the source sealed; not asked if what is kept outside the database was not looked at for this close. */
    private Uni<Optional<Manifest>> level(SqlConnection c, Transfer transfer, FenceCommand close) {
        var braced = transfer.brace().epoch() == close.epoch();
        if (transfer.macKey() == null || macs.looksElsewhere() && !braced) {
            return Uni.createFrom().item(Optional.empty());
        }
        long counter = close.manifest().counter();
        var brace = braced ? transfer.brace().alwaysLevel(counter) : Brace.NONE;
        return macs.manifest(c, close.accountId(), transfer.macKey(), counter, brace)
                .map(mine -> Optional.of(mine)
                        .filter(m -> m.sameContentAs(close.manifest()) && isReached(close, m.projections())));
    }

    /**
     * Before the source is frozen: looks at what is kept outside the database, where nothing that was sent before is taken any more.
     * The mover writes nothing meanwhile.
     *
     * @return what is here, as {@link Brace#digests}
     */
    Uni<JsonObject> brace(FenceCommand freeze) {
        var account = freeze.accountId();
        return pool.withTransaction(c -> shadow.row(c, account, freeze.shadowEpoch())
                        .flatMap(row -> transfers.read(c, account))
                        .flatMap(transfer -> macs.sealElsewhere(c, account, transfer.macKey(), freeze.epoch())
                                .flatMap(v -> macs.brace(c, account, transfer.macKey()))
                                .map(Braced::digests))
                        .call(digests -> transfers.braced(c, account, new Brace(freeze.epoch(), 0, digests))))
                .call(() -> express.greet(freeze.issuer()));
    }

    /**
     * Closed already, and a CLOSE has come: it may want more of the projections, which may have gone on. What was closed with other
     * digests than the sealed ones only says so again.
     */
    Uni<Void> again(SqlConnection c, FenceCommand close) {
        var account = close.accountId();
        return transfers
                .read(c, account)
                .flatMap(t -> t.ack() != null && t.ack().getValue("verification") != null
                        ? acks.repeat(c, account)
                        : transfers.task(c, account, Task.COPY).flatMap(v -> transfers.closing(c, account, close)));
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
        var close = transfer.closing();
        return pool.withTransaction(c -> fences.lock(c, account)
                        .flatMap(row -> row.mode() == FenceMode.CLOSED && row.epoch() == close.epoch()
                                ? again(c, account, transfer, row)
                                : closed(c, transfer, close, found)))
                .invoke(said -> express.report(close.issuer(), said))
                .replaceWithVoid();
    }

    private Uni<JsonObject> closed(SqlConnection c, Transfer transfer, FenceCommand close, Verification found) {
        var account = close.accountId();
        return shadow.row(c, account, close.shadowEpoch())
                .flatMap(row -> macs.looksElsewhere()
                        ? macs.sealElsewhere(c, account, transfer.macKey(), close.epoch())
                        : Uni.createFrom().voidItem())
                .flatMap(v -> macs.manifest(
                        c, account, transfer.macKey(), close.manifest().counter()))
                .invoke(manifest -> {
                    if (found == null && !manifest.sameContentAs(close.manifest())) {
                        throw new Unequal();
                    }
                })
                .flatMap(manifest -> closed(c, close, manifest, found));
    }

    /** The row is held: what the manifest says is what is closed. */
    private Uni<JsonObject> closed(SqlConnection c, FenceCommand close, Manifest manifest, Verification found) {
        var account = close.accountId();
        return fences.reset(
                        c,
                        account,
                        FenceMode.CLOSED,
                        close.epoch(),
                        close.manifest().counter())
                .flatMap(row -> said(c, account, row, manifest, found));
    }

    /** Closed before, with the same content: the projections have gone on. */
    private Uni<JsonObject> again(SqlConnection c, AccountId account, Transfer transfer, FenceRow row) {
        return macs.manifestAsItStands(c, account, transfer.macKey(), row.version())
                .flatMap(manifest -> said(c, account, row, manifest, null));
    }

    private Uni<JsonObject> said(
            SqlConnection c, AccountId account, FenceRow row, Manifest manifest, Verification found) {
        return transfers
                .read(c, account)
                .flatMap(t -> acks.closed(c, account, row, manifest, new Progress(t.records(), t.bytes(), 0), found));
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
