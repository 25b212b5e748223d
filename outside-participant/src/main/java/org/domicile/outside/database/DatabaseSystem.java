package org.domicile.outside.database;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.domicile.outside.OutsideConfig;
import org.domicile.outside.OutsideConfig.FenceKind;
import org.domicile.outside.OutsideSystem;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.ClassDigest;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.participant.MoveBlocked;
import org.domicile.platform.participant.RecordClass;
import org.domicile.platform.region.ServiceIdentity;
import org.jboss.logging.Logger;

/** A foreign database whose rows move with their accounts: every table that moves is a class of data. */
public final class DatabaseSystem implements OutsideSystem {
    private static final Logger LOG = Logger.getLogger(DatabaseSystem.class);

    private final Pool pool;
    private final FenceStore fences;
    private final CatalogueReader reader;
    private final Catalogue catalogue;
    private final List<RecordClass> classes;
    private final FenceKind fence;
    private final OwnersHook hook;
    private final Attachment attachment;
    private final TableDigests digests;
    private final AccountColumns columns;
    private volatile boolean attached;

    /** @throws IllegalStateException if the tables cannot be moved as they are configured, naming everything that is wrong */
    public DatabaseSystem(
            OutsideConfig.Database config, Pool pool, Vertx vertx, ServiceIdentity identity, FenceStore fences) {
        this.pool = pool;
        this.fences = fences;
        this.fence = config.fence();
        this.hook = fence == FenceKind.HOOK
                ? new OwnersHook(
                        vertx,
                        config.hook()
                                .orElseThrow(
                                        () -> new IllegalStateException(
                                                "domicile.outside.database.fence is hook: set domicile.outside.database.hook.url")))
                : null;
        this.reader = new CatalogueReader(config.schema());
        this.catalogue = reader.read(pool).await().indefinitely();
        var tables = MovedTables.of(config, catalogue);
        var purge = new AccountPurge(pool, tables);
        var reading = fence == FenceKind.TRIGGER ? Reading.BY_VERSION : Reading.BY_REFERENCE;
        var rows = tables.stream().map(t -> new TableRows(t, reading, purge)).toList();
        this.classes = List.copyOf(rows);
        this.attachment = new Attachment(pool, tables, identity);
        this.digests = new TableDigests(rows);
        this.columns = new AccountColumns(pool, config.schema(), tables);
    }

    @Override
    public List<RecordClass> classes() {
        return classes;
    }

    @Override
    public Uni<Boolean> attach() {
        return (fence == FenceKind.TRIGGER
                        ? attachment.step()
                        : Uni.createFrom().item(true))
                .invoke(done -> attached = done);
    }

    @Override
    public Uni<Void> adopted(AccountId account, long epoch) {
        return hook == null ? Uni.createFrom().voidItem() : hook.tell(account, FenceMode.OWN, epoch);
    }

    /** Before rows that were there first have versions, they cannot be copied; the owner's hook must have acted before it is believed. */
    @Override
    public Uni<Void> ordered(FenceCommand command, String jws) {
        if (!attached) {
            return Uni.createFrom()
                    .failure(new IllegalStateException("the rows that were there before are not attached yet"));
        }
        if (hook == null || command.operation() == FenceOperation.ACTIVATE) {
            return Uni.createFrom().voidItem();
        }
        return fences.read(pool, command.accountId())
                .flatMap(row -> command.epoch() > row.epoch()
                        ? hook.tell(command.accountId(), command.operation().result(), command.epoch())
                        : Uni.createFrom().voidItem());
    }

    @Override
    public Uni<Void> activated(AccountId account) {
        return hook == null
                ? Uni.createFrom().voidItem()
                : fences.read(pool, account)
                        .flatMap(row -> row.mode() == FenceMode.OWN
                                ? hook.tell(account, FenceMode.OWN, row.epoch())
                                : Uni.createFrom().voidItem());
    }

    /** The owner's hook acts on commands; the trigger acts by the fence row. */
    @Override
    public boolean awaitsCommands() {
        return hook != null;
    }

    /**
     * Of all rows as they are now: others than the trigger's writers can write to a foreign database. A reference to another account's
     * row would be broken in the target.
     */
    @Override
    public Uni<SortedMap<String, ClassDigest>> digested(
            SqlConnection connection, AccountId account, byte[] macKey, SortedMap<String, ClassDigest> kept) {
        return reader.read(connection)
                .invoke(now -> {
                    if (!now.equals(catalogue)) {
                        LOG.warn("the outside system's tables have changed: start this participant again");
                        throw new MoveBlocked(
                                "The tables have changed since the participant was started: start it again.");
                    }
                })
                .flatMap(same -> digests.unresolved(connection, account))
                .flatMap(v -> digests.of(connection, account, macKey));
    }

    @Override
    public Uni<Void> purged(SqlConnection connection, AccountId account) {
        return Uni.createFrom().voidItem();
    }

    @Override
    public Uni<SortedMap<String, Long>> enumerate(AccountId account) {
        return columns.holding(account);
    }

    @Override
    public Uni<SortedMap<String, Long>> projections(SqlClient client, AccountId account) {
        return Uni.createFrom().item(new TreeMap<>());
    }
}
