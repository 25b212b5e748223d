package org.domicile.backup.webdav;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import org.domicile.backup.key.DataKeys;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.DataRecord;
import org.domicile.platform.participant.TableRecordClass;

/** Files and collections as they move: names and properties in clear over mutual TLS, encrypted again under the target's key. */
public final class DavResourceRecords extends TableRecordClass {
    private final DataKeys keys;

    public DavResourceRecords(Pool pool, DataKeys keys) {
        super(pool, "webdav-resources", "webdav_resources", List.of("resource_id"), List.of("name_mac"));
        this.keys = keys;
    }

    @Override
    protected Uni<JsonObject> reveal(SqlConnection connection, AccountId account, JsonObject row) {
        return keys.open(account).map(DavCipher::new).map(cipher -> row.copy()
                .put("details", HexColumn.decrypt(cipher, Details.FIELD, row.getString("details"))));
    }

    @Override
    protected Uni<JsonObject> conceal(SqlConnection connection, AccountId account, DataRecord record) {
        return keys.open(account).map(DavCipher::new).map(cipher -> {
            var details = record.data().getString("details");
            return record.data()
                    .copy()
                    .put("details", HexColumn.encrypt(cipher, Details.FIELD, details))
                    .put("name_mac", cipher.mac(new JsonObject(details).getString("name")));
        });
    }
}
