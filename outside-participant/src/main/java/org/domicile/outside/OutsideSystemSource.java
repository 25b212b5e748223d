package org.domicile.outside;

import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.domicile.outside.database.DatabaseSystem;
import org.domicile.outside.remote.RemoteSystem;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.region.ServiceIdentity;

/** The one system of this process, by its configuration. */
@Dependent
public class OutsideSystemSource {
    @Produces
    @Singleton
    OutsideSystem system(OutsideConfig config, Pool pool, Vertx vertx, ServiceIdentity identity, FenceStore fences) {
        return switch (config.kind()) {
            case DATABASE ->
                new DatabaseSystem(
                        config.database().orElseThrow(() -> missing("database")), pool, vertx, identity, fences);
            case REMOTE ->
                new RemoteSystem(config.remote().orElseThrow(() -> missing("remote")), pool, vertx, identity);
        };
    }

    private static IllegalStateException missing(String group) {
        return new IllegalStateException(
                "domicile.outside.kind is " + group + ": set what domicile.outside." + group + " needs");
    }
}
