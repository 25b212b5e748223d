package org.domicile.backup.webdav;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import org.domicile.backup.key.DataKeys;
import org.domicile.backup.verify.ObjectListing;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.verify.InventoryClass;
import org.domicile.platform.verify.TableInventory;

/** WebDAV's rows for the comparison of both sides of a move: in clear, which stays in memory, and with what the store says it has. */
public final class DavInventories {
    private static final String DETAILS = "details";
    /** How PostgreSQL's JSON of a row begins a {@code bytea}. */
    private static final String BYTES = "\\x";

    private DavInventories() {}

    public static InventoryClass contents(DataKeys keys, ObjectListing objects) {
        return new TableInventory("webdav-contents", "webdav_contents", "generation", "verified_at", "damaged_at") {
            @Override
            protected Uni<UnaryOperator<JsonObject>> opener(SqlConnection connection, AccountId account) {
                return clear(keys, DavContentRecords.FIELD, account).flatMap(open -> objects.bytes("webdav/", account)
                        .map(stored -> row ->
                                open.apply(row).put("stored", stored.getOrDefault(row.getString("generation"), 0L))));
            }
        };
    }

    public static InventoryClass resources(DataKeys keys) {
        return new TableInventory("webdav-resources", "webdav_resources", "name_mac") {
            @Override
            protected Uni<UnaryOperator<JsonObject>> opener(SqlConnection connection, AccountId account) {
                return clear(keys, Details.FIELD, account);
            }
        };
    }

    private static Uni<UnaryOperator<JsonObject>> clear(DataKeys keys, String field, AccountId account) {
        return keys.open(account).map(DavCipher::new).map(cipher -> row -> {
            var sealed = HexFormat.of().parseHex(row.getString(DETAILS).substring(BYTES.length()));
            return row.put(DETAILS, cipher.decrypt(field, sealed));
        });
    }
}
