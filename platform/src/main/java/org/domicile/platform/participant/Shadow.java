package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.SignedDocument;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceRow;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.sql.Pipeline;

/** Writes to an account's shadow: only while its row is the shadow of this move (rule 5), and the MACs with it. */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class Shadow {
    private final Pool pool;
    private final FenceStore fences;
    private final TransferStore transfers;
    private final MacLedger macs;
    private final Participant participant;

    @Inject
    Shadow(Pool pool, FenceStore fences, TransferStore transfers, MacLedger macs, Participant participant) {
        this.pool = pool;
        this.fences = fences;
        this.transfers = transfers;
        this.macs = macs;
        this.participant = participant;
    }

    /** @return the locked row; fails with {@link Over} if it is no longer the shadow of this move */
    Uni<FenceRow> row(SqlConnection c, AccountId account, Transfer transfer) {
        return row(c, account, transfer.shadowEpoch());
    }

    Uni<FenceRow> row(SqlConnection c, AccountId account, long shadowEpoch) {
        return fences.lock(c, account).invoke(row -> {
            if (row.mode() != FenceMode.SHADOW || row.epoch() != shadowEpoch) {
                throw new Over();
            }
        });
    }

    /** The shadow's move; fails with {@link Over} unless the region that signed this command made the shadow that it is about. */
    Uni<Transfer> of(FenceCommand command) {
        return transfers.read(pool, command.accountId()).invoke(transfer -> {
            if (transfer.grant() == null
                    || transfer.shadowEpoch() != command.shadowEpoch()
                    || !command.issuer().equals(SignedDocument.claimedKeyId(transfer.grant()))) {
                throw new Over();
            }
        });
    }

    /** Fetches what the records refer to, then writes them. @return bytes fetched */
    Uni<Long> fetchAndStore(
            AccountId account,
            Transfer transfer,
            RecordClass recordClass,
            List<DataRecord> records,
            long cursor,
            SourceClient source) {
        return recordClass
                .fetch(account, records, source)
                .call(bytes -> store(account, transfer, recordClass, records, cursor, bytes));
    }

    /** Writes records and the MACs of what was then read back. */
    Uni<Void> store(
            AccountId account,
            Transfer transfer,
            RecordClass recordClass,
            List<DataRecord> records,
            long cursor,
            long bytes) {
        return pool.withTransaction(c -> row(c, account, transfer)
                .flatMap(row -> store(c, account, transfer, recordClass, records, cursor, bytes)));
    }

    /** The same for several classes, in one transaction. @param bytes class → bytes of what its records refer to */
    Uni<Void> store(
            AccountId account,
            Transfer transfer,
            List<RecordClass> classes,
            Map<String, List<DataRecord>> records,
            Map<String, Long> bytes) {
        return pool.withTransaction(c -> row(c, account, transfer).flatMap(row -> Multi.createFrom()
                .iterable(classes)
                .onItem()
                .transformToUniAndConcatenate(of -> {
                    var written = records.get(of.name());
                    var cursor = written.getLast().version();
                    return store(c, account, transfer, of, written, cursor, bytes.get(of.name()))
                            .replaceWith(of);
                })
                .collect()
                .last()
                .replaceWithVoid()));
    }

    /** In a transaction that holds the row. */
    Uni<Void> store(
            SqlConnection c,
            AccountId account,
            Transfer transfer,
            RecordClass recordClass,
            List<DataRecord> records,
            long cursor,
            long bytes) {
        return recordClass
                .apply(c, account, records)
                .flatMap(v -> recordClass.byKeys(
                        c, account, records.stream().map(DataRecord::key).toList()))
                .flatMap(there -> Pipeline.inOrder(
                        macs.put(c, account, transfer.macKey(), recordClass.name(), there),
                        participant.applied(c, account, transfer.shadowEpoch()),
                        transfers.copied(c, account, recordClass.name(), cursor, records.size(), bytes)));
    }

    /** Deletes what the source no longer has. */
    Uni<Void> drop(AccountId account, Transfer transfer, RecordClass recordClass, Collection<String> keys) {
        return pool.withTransaction(
                c -> row(c, account, transfer).flatMap(row -> drop(c, account, transfer, recordClass, keys)));
    }

    /** In a transaction that holds the row. */
    Uni<Void> drop(
            SqlConnection c, AccountId account, Transfer transfer, RecordClass recordClass, Collection<String> keys) {
        return recordClass
                .remove(c, account, keys)
                .flatMap(v -> macs.drop(c, account, recordClass.name(), keys))
                .flatMap(v -> participant.applied(c, account, transfer.shadowEpoch()));
    }

    /** The row is no longer the shadow that this work began with: a later command has come. */
    static final class Over extends RuntimeException {
        Over() {
            super("the shadow is over", null, false, false);
        }
    }
}
