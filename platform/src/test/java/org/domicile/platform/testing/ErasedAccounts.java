package org.domicile.platform.testing;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.erasure.ErasureEntry.State;

/** A service's part of erasures, as it is told by the erasure list, and what its database still says of the accounts. */
public final class ErasedAccounts {
    private static final long EPOCH = 2;

    private final DataSource database;
    private final Set<String> kept;

    /**
     * @param database not behind a {@link CrashingDatabase}
     * @param kept tables that keep what they have of an erased account
     */
    public ErasedAccounts(DataSource database, Set<String> kept) {
        this.database = database;
        this.kept = kept;
    }

    /** Tells everything twice, as topics do, and waits until the service has purged the account and then forgotten it. */
    public void erase(AccountId account, UUID erasure) {
        tell(account, erasure, State.ORDERED);
        Wait.until("purged", () -> count(account, "transfer where task is null and ack->>'done' = 'true' and") == 1);
        tell(account, erasure, State.ERASED);
        Wait.until("nothing names the account", () -> tables().stream()
                .allMatch(table -> count(account, table + " where") == 0));
    }

    private static void tell(AccountId account, UUID erasure, State state) {
        MigrationStandIn.lists(account, erasure, state, EPOCH);
        MigrationStandIn.lists(account, erasure, state, EPOCH);
    }

    /** Tables with accounts in them that were emptied in no step which was lost on the way; that must be none. */
    public List<String> untried(CrashingDatabase crashes) {
        var survived = String.join("\n", crashes.survived());
        return tables().stream()
                .filter(table -> !survived.contains("delete from " + table + " "))
                .toList();
    }

    /** @param where such as {@code device where} */
    public long count(AccountId account, String where) {
        try (var connection = database.getConnection();
                var query = connection.prepareStatement("select count(*) from " + where + " account_id = ?")) {
            query.setObject(1, account.value());
            try (var rows = query.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Changes what time would change. @param update with one parameter, the account's id */
    public void change(AccountId account, String update) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(update)) {
            statement.setObject(1, account.value());
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Set<String> tables() {
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select table_name from information_schema.tables t"
                        + " join information_schema.columns c using (table_schema, table_name)"
                        + " where t.table_schema = current_schema() and t.table_type = 'BASE TABLE'"
                        + " and c.column_name = 'account_id'")) {
            var tables = new TreeSet<String>();
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
            tables.removeAll(kept);
            return tables;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
