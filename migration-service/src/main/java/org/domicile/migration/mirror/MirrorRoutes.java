package org.domicile.migration.mirror;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Map;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.Regions;

/** {@code GET /peer/v1/newest}: topic that other regions mirror → when its newest record was written, in milliseconds. */
@ApplicationScoped
class MirrorRoutes {
    static final String PATH = "/peer/v1/newest";

    private final Regions regions;
    private final NewestRecords records;

    @Inject
    MirrorRoutes(Regions regions, NewestRecords records) {
        this.regions = regions;
        this.records = records;
    }

    void mount(@Observes StartupEvent event, PeerServer server) {
        server.router().get(PATH).handler(this::handle);
    }

    private void handle(RoutingContext context) {
        Uni.createFrom()
                .deferred(() -> {
                    var by = PeerIdentity.of(context);
                    if (!by.service().equals("migration") || regions.isSelf(by.region())) {
                        throw new ProblemException(
                                ErrorCode.FORBIDDEN, "Only another region's migration-service may call this.");
                    }
                    return records.of(NewestRecords.MIRRORED);
                })
                .map(MirrorRoutes::json)
                .subscribe()
                .with(newest -> context.response().end(newest.toBuffer()), failure -> Problems.write(context, failure));
    }

    private static JsonObject json(Map<String, Instant> newest) {
        var json = new JsonObject();
        newest.forEach((topic, at) -> json.put(topic, at.toEpochMilli()));
        return json;
    }
}
