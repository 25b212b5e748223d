package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.function.Function;
import org.domicile.platform.crypto.SignedDocument.InvalidSignature;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.Regions;

/**
 * Takes commands from this region's migration-service itself, for the time in which writes wait: {@code POST /fence/v1/commands} and,
 * before a freeze, {@code POST /fence/v1/brace}, each with a signed command. 200: it is committed.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
public class FenceEndpoint {
    private static final String PATH = "/fence/v1/";
    private static final int MAX_BODY_BYTES = 64 * 1024;

    private final PeerServer server;
    private final Regions regions;
    private final CommandConsumer commands;

    @Inject
    FenceEndpoint(PeerServer server, Regions regions, CommandConsumer commands) {
        this.server = server;
        this.regions = regions;
        this.commands = commands;
    }

    void mount(@Observes StartupEvent event) {
        mount("commands", commands::execute);
        mount("brace", commands::brace);
    }

    private void mount(String action, Function<String, Uni<Void>> work) {
        server.router()
                .post(PATH + action)
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(context -> handle(context, work));
    }

    private void handle(RoutingContext context, Function<String, Uni<Void>> work) {
        Uni.createFrom()
                .deferred(() -> {
                    requireMigrationService(context);
                    return work.apply(context.body().asString());
                })
                .onFailure(InvalidSignature.class)
                .transform(f -> new ProblemException(ErrorCode.FORBIDDEN, f.getMessage()))
                .onFailure(IllegalArgumentException.class)
                .transform(f -> new ProblemException(ErrorCode.INVALID_REQUEST, "Send a signed command."))
                .subscribe()
                .with(done -> context.response().end(), failure -> Problems.write(context, failure));
    }

    private void requireMigrationService(RoutingContext context) {
        var caller = PeerIdentity.of(context);
        if (!regions.isSelf(caller.region()) || !caller.service().equals("migration")) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only this region's migration-service may call this.");
        }
    }
}
