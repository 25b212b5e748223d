package org.domicile.platform.verify;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.function.Consumer;
import org.domicile.platform.account.AccountId;

/** Enumerates one class of data, whole, under the name and the keys that it moves under. */
public interface InventoryClass {
    String name();

    /** Whether a key is something that an owner chose, such as a name, so that a report must not repeat it. */
    default boolean personalKeys() {
        return false;
    }

    /** Tells every record, in any order. */
    Uni<Void> scan(SqlConnection connection, AccountId account, Consumer<InventoryItem> found);
}
