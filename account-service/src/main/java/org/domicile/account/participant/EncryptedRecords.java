package org.domicile.account.participant;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;
import org.domicile.account.key.AccountKeys;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.DataRecord;
import org.domicile.platform.participant.TableRecordClass;

/** A table with encrypted columns: they travel in clear over mutual TLS and are encrypted again under the target's own key. */
class EncryptedRecords extends TableRecordClass {
    private final AccountKeys keys;
    private final Map<String, String> fields;

    /** @param fields column → field name under which it is encrypted */
    EncryptedRecords(
            Pool pool,
            AccountKeys keys,
            String name,
            String table,
            List<String> keyColumns,
            Map<String, String> fields) {
        super(pool, name, table, keyColumns, List.of());
        this.keys = keys;
        this.fields = fields;
    }

    @Override
    protected Uni<JsonObject> reveal(SqlConnection connection, AccountId account, JsonObject row) {
        return keys.open(account).map(cipher -> {
            var plain = row.copy();
            fields.forEach((column, field) -> plain.put(column, Hex.decrypt(cipher, field, row.getString(column))));
            return plain;
        });
    }

    @Override
    protected Uni<JsonObject> conceal(SqlConnection connection, AccountId account, DataRecord record) {
        return keys.openOrMake(account).map(cipher -> {
            var row = record.data().copy();
            fields.forEach((column, field) -> row.put(column, Hex.encrypt(cipher, field, row.getString(column))));
            return row;
        });
    }
}
