package org.domicile.account.verify;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.domicile.account.key.AccountKeys;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.FieldCipher;
import org.domicile.platform.verify.TableInventory;

/** A table with columns that each region encrypts under a key of its own: compared in clear, which stays in memory. */
final class EncryptedInventory extends TableInventory {
    /** How PostgreSQL's JSON of a row begins a {@code bytea}. */
    private static final String BYTES = "\\x";

    private final AccountKeys keys;
    private final Map<String, String> fields;

    /** @param fields column → field name under which it is encrypted */
    EncryptedInventory(AccountKeys keys, String name, String table, Map<String, String> fields) {
        super(name, table);
        this.keys = keys;
        this.fields = fields;
    }

    @Override
    protected Uni<UnaryOperator<JsonObject>> opener(SqlConnection connection, AccountId account) {
        return keys.open(account).map(cipher -> row -> {
            fields.forEach((column, field) -> row.put(column, clear(cipher, field, row.getString(column))));
            return row;
        });
    }

    private static String clear(FieldCipher cipher, String field, String column) {
        if (column == null) {
            return null;
        }
        if (!column.startsWith(BYTES)) {
            throw new IllegalStateException("an encrypted column is not bytes: " + field);
        }
        return cipher.decrypt(field, HexFormat.of().parseHex(column.substring(BYTES.length())));
    }
}
