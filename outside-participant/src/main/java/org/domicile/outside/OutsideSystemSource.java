package org.domicile.outside;

import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import org.domicile.outside.database.DatabaseSystem;
import org.domicile.outside.remote.RemoteSystem;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.region.ServiceIdentity;
import org.jboss.logging.Logger;

/** The one system of this process, by its configuration. */
@Dependent
public class OutsideSystemSource {
    private static final Logger LOG = Logger.getLogger(OutsideSystemSource.class);

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

    /** Made on the thread that starts, as it waits for the foreign database: what a restored database has to catch up with needs it first. */
    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE - 1) StartupEvent event, OutsideSystem system) {
        LOG.debugf("the outside system is attached kind=%s", system.getClass().getSimpleName());
    }

    private static IllegalStateException missing(String group) {
        return new IllegalStateException(
                "domicile.outside.kind is " + group + ": set what domicile.outside." + group + " needs");
    }
}
