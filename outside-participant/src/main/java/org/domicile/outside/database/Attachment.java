package org.domicile.outside.database;

import static org.domicile.outside.database.MovedTable.literal;
import static org.domicile.outside.database.MovedTable.quoted;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.domicile.platform.region.ServiceIdentity;
import org.jboss.logging.Logger;

/**
 * Brings tables that were there before under the fence: once every account that has rows is known to the directory, the triggers are
 * installed, and then the rows of accounts at home here are given versions, a page at a time, from where an earlier process ended.
 */
final class Attachment {
    private static final Logger LOG = Logger.getLogger(Attachment.class);
    private static final int PAGE = 1_000;

    private final Pool pool;
    private final List<MovedTable> tables;
    private final ServiceIdentity identity;
    private volatile String waitingFor;

    Attachment(Pool pool, List<MovedTable> tables, ServiceIdentity identity) {
        this.pool = pool;
        this.tables = tables;
        this.identity = identity;
    }

    /** @return whether all is done */
    Uni<Boolean> step() {
        return pool.query("select current_schema()::text as own, (select script_sha256 from attachment) as script")
                .execute()
                .map(rows -> rows.iterator().next())
                .flatMap(row -> {
                    var script = new FenceScript(tables, row.getString("own")).statements();
                    return sha256(script).equals(row.getString("script"))
                            ? backfill()
                            : unknown().flatMap(account -> account.map(this::awaited)
                                    .orElseGet(() -> install(script).replaceWith(false)));
                });
    }

    /** The trigger would refuse the writes of an account of which the directory has not been read yet. */
    private Uni<Boolean> awaited(String account) {
        if (!account.equals(waitingFor)) {
            waitingFor = account;
            LOG.warnf("rows of an account that the directory does not name: waiting account=%s", account);
        }
        return Uni.createFrom().item(false);
    }

    private Uni<Optional<String>> unknown() {
        var accounts = tables.stream()
                .filter(t -> t.path().isEmpty())
                .map(t -> "select t." + quoted(t.account().name()) + "::uuid as account_id from " + t.relation() + " t")
                .collect(Collectors.joining(" union all "));
        return pool.query(
                        "select a.account_id::text as account from (" + accounts + ") a where a.account_id is not null"
                                + " and not exists (select from fence f where f.account_id = a.account_id)"
                                + " and not exists (select from residency r where r.account_id = a.account_id) limit 1")
                .execute()
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getString("account")));
    }

    /** All in one transaction: no writer sees one table fenced and another not. */
    private Uni<Void> install(List<String> script) {
        return pool.withTransaction(c -> Multi.createFrom()
                .iterable(script)
                .onItem()
                .transformToUniAndConcatenate(statement -> c.query(statement).execute())
                .collect()
                .last()
                .flatMap(v -> c.preparedQuery("update attachment set script_sha256 = $1")
                        .execute(Tuple.of(sha256(script))))
                // a table that is new among them has rows without versions
                .flatMap(v -> c.query("delete from backfill").execute())
                .invoke(() -> LOG.infof("fence installed region=%s count=%d", identity.region(), tables.size()))
                .replaceWithVoid());
    }

    private Uni<Boolean> backfill() {
        return Multi.createFrom()
                .iterable(tables)
                .onItem()
                .transformToUniAndConcatenate(table -> whole(table).replaceWith(table))
                .collect()
                .last()
                .replaceWith(true);
    }

    private Uni<Void> whole(MovedTable table) {
        return pool.withTransaction(c -> page(c, table))
                .flatMap(more -> more ? whole(table) : Uni.createFrom().voidItem());
    }

    /** The rows of a page are given one version an account, which its next writes exceed. */
    private Uni<Boolean> page(SqlConnection c, MovedTable table) {
        var name = literal(table.name());
        var keys = table.key().stream().map(k -> "t." + quoted(k)).collect(Collectors.joining(", "));
        var position = "(select b.last_key from backfill b where b.class = " + name + ")";
        var after = java.util.stream.IntStream.range(0, table.key().size())
                .mapToObj(i -> "(" + position + "::jsonb ->> " + i + ")::"
                        + table.column(table.key().get(i)).type())
                .collect(Collectors.joining(", "));
        return c.query("insert into backfill (class) values (" + name + ") on conflict (class) do nothing")
                .execute()
                .flatMap(v -> c.query("select last_key is null as first, done from backfill where class = " + name
                                + " for update")
                        .execute())
                .map(rows -> rows.iterator().next())
                .flatMap(state -> state.getBoolean("done")
                        ? Uni.createFrom().item(false)
                        : c.query("with page as materialized (select " + table.keyOf("t")
                                        + " as key, row_number() over (order by "
                                        + keys + ") as n, " + table.accountOf("t") + " as account_id from "
                                        + table.relation() + " t "
                                        + (state.getBoolean("first") ? "" : "where (" + keys + ") > (" + after + ")")
                                        + " order by " + keys + " limit " + PAGE
                                        + "), missing as materialized (select p.* from page p"
                                        + " where not exists (select from row_version v where v.class = " + name
                                        + " and v.key = p.key)), raised as (update fence f set version = f.version + 1"
                                        + " where f.mode = 'OWN' and f.account_id in (select account_id from missing)"
                                        + " returning f.account_id, f.version), given as (insert into row_version"
                                        + " (account_id, class, key, version) select m.account_id, " + name
                                        + ", m.key, r.version from missing m join raised r using (account_id)"
                                        + " on conflict do nothing) select count(*) as rows,"
                                        + " (select key from page order by n desc limit 1) as last from page")
                                .execute()
                                .map(rows -> rows.iterator().next())
                                .flatMap(
                                        page -> c.preparedQuery("update backfill set last_key = coalesce($1, last_key),"
                                                        + " done = $2 where class = " + name)
                                                .execute(Tuple.of(page.getString("last"), page.getLong("rows") < PAGE))
                                                .replaceWith(page.getLong("rows") >= PAGE)));
    }

    private static String sha256(List<String> script) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(String.join(";", script).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
