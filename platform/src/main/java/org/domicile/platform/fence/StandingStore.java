package org.domicile.platform.fence;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.residency.Residency;

/** Directory and fence row of an account in one statement: every request of an owner begins with it. */
@ApplicationScoped
public class StandingStore {
    private static final String READ = "select r.home, r.epoch as home_epoch, r.previous, r.since, f.mode, f.epoch,"
            + " f.version, f.at from (select $1::uuid as account_id) a left join residency r using (account_id)"
            + " left join fence f using (account_id)";

    private final Pool pool;

    @Inject
    public StandingStore(Pool pool) {
        this.pool = pool;
    }

    Uni<Standing> read(AccountId account) {
        return pool.preparedQuery(READ)
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.iterator().next())
                .map(row -> new Standing(residency(row), fence(row)));
    }

    private static Optional<Residency> residency(Row row) {
        return Optional.ofNullable(row.getString("home"))
                .map(home -> new Residency(
                        home, row.getLong("home_epoch"), row.getString("previous"), instant(row, "since")));
    }

    private static Optional<FenceRow> fence(Row row) {
        return Optional.ofNullable(row.getString("mode"))
                .map(mode -> new FenceRow(
                        FenceMode.valueOf(mode), row.getLong("epoch"), row.getLong("version"), instant(row, "at")));
    }

    private static Instant instant(Row row, String column) {
        return row.get(OffsetDateTime.class, column).toInstant();
    }
}
