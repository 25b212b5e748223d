package org.domicile.backup.verify;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.function.UnaryOperator;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.verify.TableInventory;

/** Blobs: the rows, and what the store says that it has of each. Bytes and their SHA-256 were checked by both ends when they arrived. */
final class BlobInventory extends TableInventory {
    private static final String ROOT = "accounts/";

    private final ObjectListing objects;

    BlobInventory(ObjectListing objects) {
        super("backups", "blobs", "generation", "verified_at", "damaged_at");
        this.objects = objects;
    }

    @Override
    protected Uni<UnaryOperator<JsonObject>> opener(SqlConnection connection, AccountId account) {
        return objects.bytes(ROOT, account)
                .map(stored -> row -> row.put("stored", stored.getOrDefault(row.getString("generation"), 0L)));
    }
}
