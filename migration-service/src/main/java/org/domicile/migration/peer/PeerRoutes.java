package org.domicile.migration.peer;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.domicile.migration.ack.AckIntake;
import org.domicile.migration.baton.Baton;
import org.domicile.migration.baton.BatonTaker;
import org.domicile.migration.command.CommandRelay;
import org.domicile.platform.crypto.SignedDocument;
import org.domicile.platform.crypto.SignedDocument.InvalidSignature;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.Regions;

/**
 * What other regions' migration-services may call: {@code POST /peer/v1/commands}, {@code /acks} and {@code /batons}; and
 * {@code /reports}, where participants bring acks that writes wait for. Each takes a JSON array. 200 means that all of it is committed here; anything else is sent again.
 */
@ApplicationScoped
public class PeerRoutes {
    private static final long MAX_BODY_BYTES = 4 << 20;

    private final Regions regions;
    private final WireFormat wire;
    private final CommandRelay commands;
    private final AckIntake acks;
    private final BatonTaker batons;

    @Inject
    public PeerRoutes(Regions regions, WireFormat wire, CommandRelay commands, AckIntake acks, BatonTaker batons) {
        this.regions = regions;
        this.wire = wire;
        this.commands = commands;
        this.acks = acks;
        this.batons = batons;
    }

    void mount(@Observes StartupEvent event, PeerServer server) {
        mount(server.router(), Delivery.COMMANDS, this::commands);
        mount(server.router(), Delivery.ACKS, (region, items) -> each(region, items, this::ack));
        mount(server.router(), Delivery.BATONS, (region, items) -> each(region, items, this::baton));
        post(server.router(), "reports", (by, items) -> each(by, items, this::report));
    }

    private void mount(Router router, String kind, BiFunction<String, List<?>, Uni<Void>> handler) {
        post(router, kind, (by, items) -> handler.apply(migrationService(by), items));
    }

    private void post(Router router, String kind, BiFunction<PeerIdentity, List<?>, Uni<Void>> handler) {
        router.post("/peer/v1/" + kind)
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(context -> handle(context, handler));
    }

    private void handle(RoutingContext context, BiFunction<PeerIdentity, List<?>, Uni<Void>> handler) {
        Uni.createFrom()
                .deferred(() -> handler.apply(
                        PeerIdentity.of(context), context.body().asJsonArray().getList()))
                .onFailure(InvalidSignature.class)
                .transform(f -> new ProblemException(ErrorCode.FORBIDDEN, f.getMessage()))
                .onFailure(f -> f instanceof IllegalArgumentException || f instanceof ClassCastException)
                .transform(f -> new ProblemException(ErrorCode.INVALID_REQUEST, String.valueOf(f.getMessage())))
                .subscribe()
                .with(done -> context.response().end(), failure -> Problems.write(context, failure));
    }

    private static <B> Uni<Void> each(B by, List<?> items, BiFunction<B, Object, Uni<Void>> handler) {
        var chain = Uni.createFrom().voidItem();
        for (var item : items) {
            chain = chain.chain(() -> handler.apply(by, item));
        }
        return chain;
    }

    private String migrationService(PeerIdentity identity) {
        if (!identity.service().equals("migration") || regions.isSelf(identity.region())) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only another region's migration-service may call this.");
        }
        return identity.region();
    }

    /** All in one transaction: they leave for the participants together. */
    private Uni<Void> commands(String region, List<?> items) {
        var signed = new LinkedHashMap<String, JsonObject>();
        items.forEach(jws -> signed.put((String) jws, verified(region, (String) jws)));
        return commands.take(signed, region);
    }

    private Uni<Void> baton(String region, Object jws) {
        return batons.take(wire.read(verified(region, (String) jws), Baton.class), region);
    }

    /** A participant, of whichever region, that speaks for itself: its migration-service brings the same later. */
    private Uni<Void> report(PeerIdentity by, Object json) {
        var ack = ack(json);
        if (!ack.region().equals(by.region()) || !ack.service().equals(by.service())) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "A participant reports for itself only.");
        }
        return acks.take(ack);
    }

    @SuppressWarnings("unchecked") // what the JSON parser made of an object
    private FenceAck ack(Object json) {
        return wire.read(new JsonObject((Map<String, Object>) json), FenceAck.class);
    }

    private Uni<Void> ack(String region, Object json) {
        var ack = ack(json);
        if (!ack.region().equals(region)) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "A region reports for its own participants only.");
        }
        return acks.take(ack);
    }

    private JsonObject verified(String region, String jws) {
        if (!SignedDocument.claimedKeyId(jws).equals(region)) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "A region brings only what it signed itself.");
        }
        return regions.verify(jws);
    }
}
