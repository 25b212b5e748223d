package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.function.BiFunction;
import org.domicile.platform.crypto.SignedDocument.InvalidSignature;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.fence.Manifest;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.Regions;
import org.domicile.platform.region.ServiceIdentity;

/**
 * What the source of a move brings to its shadow around a freeze. Opened by the FREEZE command that the source's migration-service
 * signed for the caller, and only if that region's SHADOW or FEED command made this shadow: it is the account's home.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
public class ShadowEndpoint {
    /** Member beside those of the manifest. */
    static final String CHANGES = "changes";

    static final int MAX_BODY_BYTES = 1 << 20;

    private final PeerServer server;
    private final Regions regions;
    private final ServiceIdentity identity;
    private final Shadow shadow;
    private final Closer closer;
    private final TaskRunner runner;

    @Inject
    ShadowEndpoint(
            PeerServer server,
            Regions regions,
            ServiceIdentity identity,
            Shadow shadow,
            Closer closer,
            TaskRunner runner) {
        this.server = server;
        this.regions = regions;
        this.identity = identity;
        this.shadow = shadow;
        this.closer = closer;
        this.runner = runner;
    }

    void mount(@Observes StartupEvent event) {
        mount("brace", (context, move) -> closer.brace(move.freeze()).map(JsonObject::toBuffer));
        mount("sealed", (context, move) -> sealed(context.body().asJsonObject(), move)
                .replaceWith(Buffer.buffer()));
    }

    /** @param transfer what is remembered here of the move that freezes */
    private record Move(FenceCommand freeze, Transfer transfer) {}

    private void mount(String action, BiFunction<RoutingContext, Move, Uni<Buffer>> work) {
        server.router()
                .post(TransferEndpoint.PATH + "/:account/" + action)
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(context -> handle(context, work));
    }

    private void handle(RoutingContext context, BiFunction<RoutingContext, Move, Uni<Buffer>> work) {
        Uni.createFrom()
                .deferred(() -> {
                    var freeze = granted(context);
                    return shadow.of(freeze).flatMap(transfer -> work.apply(context, new Move(freeze, transfer)));
                })
                .onFailure(InvalidSignature.class)
                .transform(f -> new ProblemException(ErrorCode.FORBIDDEN, f.getMessage()))
                .onFailure(Shadow.Over.class)
                .transform(f -> new ProblemException(ErrorCode.CONFLICT, "This move is over."))
                .subscribe()
                .with(answer -> context.response().end(answer), failure -> Problems.write(context, failure));
    }

    private Uni<Void> sealed(JsonObject body, Move move) {
        var changes = (JsonObject) body.remove(CHANGES);
        var close = close(move.freeze(), body.mapTo(Manifest.class));
        return closer.closeNow(close, move.transfer(), changes == null ? Map.of() : Changes.ofClasses(changes))
                .invoke(closed -> {
                    if (!closed) {
                        runner.kick(close.accountId());
                    }
                })
                .replaceWithVoid();
    }

    /** What the source's migration-service will order too, once every participant there is frozen. */
    private FenceCommand close(FenceCommand freeze, Manifest manifest) {
        return new FenceCommand(
                FenceOperation.CLOSE,
                freeze.accountId(),
                identity.service(),
                identity.region(),
                freeze.epoch(),
                freeze.issuer(),
                freeze.region(),
                freeze.shadowEpoch(),
                manifest,
                manifest.projections());
    }

    private FenceCommand granted(RoutingContext context) {
        var caller = PeerIdentity.of(context);
        var grant = context.request().getHeader(TransferEndpoint.GRANT);
        if (grant == null) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Present the signed command of the move.");
        }
        var freeze = CommandConsumer.verified(regions, grant);
        if (freeze.operation() != FenceOperation.FREEZE
                || !freeze.issuer().equals(caller.region())
                || !freeze.region().equals(caller.region())
                || !freeze.service().equals(caller.service())
                || !freeze.service().equals(identity.service())
                || !regions.isSelf(freeze.peer())
                || !freeze.accountId().toString().equals(context.pathParam("account"))) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "The command does not concern this account's shadow.");
        }
        return freeze;
    }
}
