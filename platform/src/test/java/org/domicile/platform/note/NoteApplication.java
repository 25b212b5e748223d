package org.domicile.platform.note;

import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.Topics;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.fence.FenceRow;
import org.domicile.platform.fence.Manifest;
import org.domicile.platform.testing.TestRegions;
import org.domicile.platform.testing.TestTopics;
import org.domicile.platform.testing.Wait;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What tests say to the running application, and what they look at. */
@ApplicationScoped
public class NoteApplication {
    @Inject
    Fence fence;

    @Inject
    Pool pool;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrap;

    private TestTopics topics;

    public synchronized TestTopics topics() {
        if (topics == null) {
            topics = new TestTopics(bootstrap, List.of(Topics.RESIDENCY_ACKS, "dead-letters", "backup.events"));
        }
        return topics;
    }

    /** An account that has its fence row here. */
    public AccountId opened() {
        var account = AccountId.create();
        pool.withTransaction(c -> fence.open(c, account)).await().indefinitely();
        return account;
    }

    public String bootstrap() {
        return bootstrap;
    }

    public FenceRow row(AccountId account) {
        return fence.row(account).await().indefinitely();
    }

    public FenceMode mode(AccountId account) {
        return fence.row(account).await().indefinitely().mode();
    }

    public void becomes(AccountId account, FenceMode mode) {
        Wait.until(account + " is " + mode, () -> mode(account) == mode);
    }

    public static FenceCommand command(FenceOperation operation, AccountId account, long epoch, long shadowEpoch) {
        return new FenceCommand(
                operation,
                account,
                "backup",
                TestRegions.CN,
                epoch,
                TestRegions.CN,
                TestRegions.SG,
                shadowEpoch,
                null,
                null);
    }

    /** The SHADOW command for the other region, which also opens this one's records to it. */
    public static FenceCommand shadow(AccountId account, long epoch) {
        return new FenceCommand(
                FenceOperation.SHADOW,
                account,
                "backup",
                TestRegions.SG,
                epoch,
                TestRegions.CN,
                TestRegions.CN,
                epoch,
                null,
                null);
    }

    /** The FEED command for the other region, which has kept its copy. */
    public static FenceCommand feed(AccountId account, long epoch) {
        return new FenceCommand(
                FenceOperation.FEED,
                account,
                "backup",
                TestRegions.SG,
                epoch,
                TestRegions.CN,
                TestRegions.CN,
                epoch,
                null,
                null);
    }

    /** The KEEP command for the other region at the end of a soak. */
    public static FenceCommand keep(AccountId account, long epoch, Manifest sealed) {
        return new FenceCommand(
                FenceOperation.KEEP,
                account,
                "backup",
                TestRegions.SG,
                epoch,
                TestRegions.CN,
                TestRegions.CN,
                2,
                sealed,
                null);
    }

    public static FenceCommand close(AccountId account, long epoch, long shadowEpoch, Manifest manifest) {
        return new FenceCommand(
                FenceOperation.CLOSE,
                account,
                "backup",
                TestRegions.SG,
                epoch,
                TestRegions.CN,
                TestRegions.CN,
                shadowEpoch,
                manifest,
                null);
    }

    public static String signed(FenceCommand command) {
        return TestRegions.sign(command.issuer(), JsonObject.mapFrom(command));
    }

    public void order(FenceCommand command) {
        order(command.accountId(), signed(command));
    }

    public void order(AccountId account, String jws) {
        topics().send(Topics.RESIDENCY_COMMANDS, account, Topics.COMMAND_V1, new JsonObject().put("jws", jws));
    }

    public List<String> laws(AccountId account) {
        return laws(pool, account);
    }

    /** Whose law a participant holds the account to beside its own market's. */
    public static List<String> laws(Pool pool, AccountId account) {
        var rows = pool.preparedQuery("select markets from move_law where account_id = $1")
                .executeAndAwait(Tuple.of(account.value()));
        return rows.size() == 0 ? List.of() : List.of(rows.iterator().next().getArrayOfStrings(0));
    }

    /** A row in a table that was added without a class of data. */
    public void forgotten(AccountId account) {
        pool.query("create table if not exists forgotten (account_id uuid primary key)")
                .execute()
                .chain(() ->
                        pool.preparedQuery("insert into forgotten values ($1)").execute(Tuple.of(account.value())))
                .await()
                .indefinitely();
    }

    public void remembered(AccountId account) {
        pool.preparedQuery("delete from forgotten where account_id = $1")
                .execute(Tuple.of(account.value()))
                .await()
                .indefinitely();
    }

    /** Table → what it still has of the account, of every table with an account column; one row each. */
    public Map<String, JsonObject> rowsOf(AccountId account) {
        var found = new TreeMap<String, JsonObject>();
        var tables = pool.query("select t.table_name from information_schema.tables t join information_schema.columns c"
                        + " using (table_schema, table_name) where t.table_schema = current_schema()"
                        + " and t.table_type = 'BASE TABLE' and c.column_name = 'account_id'")
                .executeAndAwait();
        tables.forEach(table -> pool.preparedQuery(
                        "select to_jsonb(t) as row from " + table.getString(0) + " t where account_id = $1")
                .executeAndAwait(Tuple.of(account.value()))
                .forEach(row -> found.put(table.getString(0), (JsonObject) row.getValue("row"))));
        return found;
    }

    /** The acknowledgement of a mode at an epoch, done. */
    public JsonObject done(AccountId account, FenceMode mode, long epoch) {
        return said(account, mode, epoch, true);
    }

    public JsonObject said(AccountId account, FenceMode mode, long epoch, boolean done) {
        return topics().await(
                        Topics.RESIDENCY_ACKS,
                        account,
                        a -> a.getString("mode").equals(mode.name())
                                && a.getLong("epoch") == epoch
                                && a.getBoolean("done") == done);
    }

    public long count(String sql, AccountId account) {
        return pool.preparedQuery(sql)
                .execute(Tuple.of(account.value()))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }
}
