package org.domicile.account.verify;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.function.Consumer;
import org.domicile.account.identity.Identities;
import org.domicile.account.identity.IdentityUser;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.verify.InventoryClass;
import org.domicile.platform.verify.InventoryItem;

/** The region's Keycloak: what lets the owner sign in, hashes included. Whether the user is enabled is each region's own matter. */
final class IdentityInventory implements InventoryClass {
    private final Identities identities;

    IdentityInventory(Identities identities) {
        this.identities = identities;
    }

    @Override
    public String name() {
        return "credentials";
    }

    @Override
    public Uni<Void> scan(SqlConnection connection, AccountId account, Consumer<InventoryItem> found) {
        return identities
                .find(account)
                .invoke(user -> user.map(IdentityInventory::item).ifPresent(found))
                .replaceWithVoid();
    }

    private static InventoryItem item(IdentityUser user) {
        var credentials = new JsonArray();
        for (var credential : user.credentials()) {
            credentials.add(new JsonArray()
                    .add(credential.type())
                    .add(credential.secretData())
                    .add(credential.credentialData())
                    .add(credential.createdDate())
                    .add(credential.priority())
                    .add(credential.userLabel()));
        }
        var content = new JsonObject().put("locale", user.locale()).put("credentials", credentials);
        return new InventoryItem("user", 0, content.encode());
    }
}
