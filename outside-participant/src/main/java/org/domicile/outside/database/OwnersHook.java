package org.domicile.outside.database;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.Vertx;
import org.domicile.outside.HttpsEndpoint;
import org.domicile.outside.OutsideConfig;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceMode;

/**
 * The owner's own fence: {@code PUT <url>/<account>} with {@code mode} and {@code epoch}. Its answer 2xx means that from now on
 * writes of the account are accepted in mode OWN only, and that those in flight have ended. It may be called again, and ignores an
 * epoch below one that it was told.
 */
final class OwnersHook {
    private final HttpsEndpoint endpoint;

    OwnersHook(Vertx vertx, OutsideConfig.Endpoint config) {
        this.endpoint = new HttpsEndpoint(vertx, config);
    }

    Uni<Void> tell(AccountId account, FenceMode mode, long epoch) {
        return endpoint.put(
                        "/" + account, new JsonObject().put("mode", mode.name()).put("epoch", epoch))
                .replaceWithVoid();
    }
}
