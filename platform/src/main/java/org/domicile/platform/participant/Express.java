package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.fence.Manifest;
import org.domicile.platform.http.Answer;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.region.Regions;
import org.domicile.platform.region.ServiceIdentity;
import org.jboss.logging.Logger;

/**
 * Under the fence writes wait, so what was said is also brought directly to who waits for it, over mutual TLS. Kafka and the CLOSE
 * command carry the same: what does not arrive from here costs time and nothing else.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class Express {
    private static final Logger LOG = Logger.getLogger(Express.class);
    private static final String MIGRATION = "migration";
    private static final String REPORTS = "/peer/v1/reports";
    private static final long TIMEOUT_MILLIS = 5_000;

    private final PeerClient peers;
    private final Regions regions;
    private final ServiceIdentity identity;

    @Inject
    Express(PeerClient peers, Regions regions, ServiceIdentity identity) {
        this.peers = peers;
        this.regions = regions;
        this.identity = identity;
    }

    /** Brings an ack to the region whose migration-service waits for it. */
    void report(String region, JsonObject ack) {
        if (reaches(region)) {
            go(report(region, new JsonArray().add(ack)), "report");
        }
    }

    /** Brings an ack to this region's own migration-service, which waits for it. */
    void reportHome(JsonObject ack) {
        report(identity.region(), ack);
    }

    /** Opens the connection on which a report will go, if that can be had now. */
    Uni<Void> greet(String region) {
        return reaches(region)
                ? report(region, new JsonArray())
                        .onFailure()
                        .invoke(f -> LOG.infof("not greeted region=%s reason=%s", region, f))
                        .onFailure()
                        .recoverWithNull()
                : Uni.createFrom().voidItem();
    }

    /** Brings the manifest of the frozen source to its shadow, which may close by it, with what the shadow lacks if that is not much. */
    void sealed(FenceCommand freeze, String jws, Manifest manifest, Map<String, Changes> changes) {
        var alone = JsonObject.mapFrom(manifest);
        var whole = alone.copy()
                .put(ShadowEndpoint.CHANGES, Changes.toJson(changes))
                .toBuffer();
        go(
                shadow(
                                freeze,
                                jws,
                                "/sealed",
                                whole.length() > ShadowEndpoint.MAX_BODY_BYTES ? alone.toBuffer() : whole)
                        .replaceWithVoid(),
                "manifest");
    }

    /** Has the shadow brace itself. @return what it has then, as {@link Transfer.Brace#digests} */
    Uni<JsonObject> brace(FenceCommand freeze, String jws) {
        return shadow(freeze, jws, "/brace", Buffer.buffer()).map(Express::said);
    }

    private Uni<Answer> shadow(FenceCommand freeze, String jws, String action, Buffer body) {
        var path = TransferEndpoint.PATH + "/" + freeze.accountId() + action;
        return post(
                peers.request(HttpMethod.POST, freeze.peer(), identity.service(), path)
                        .putHeader(TransferEndpoint.GRANT, jws),
                body);
    }

    /** A shadow of the version before says nothing. */
    private static JsonObject said(Answer answer) {
        return answer.body().length() == 0 ? new JsonObject() : answer.body().toJsonObject();
    }

    private boolean reaches(String region) {
        return !regions.isSelf(region) || peers.isNear(MIGRATION);
    }

    private Uni<Void> report(String region, JsonArray acks) {
        return post(
                        regions.isSelf(region)
                                ? peers.near(HttpMethod.POST, MIGRATION, REPORTS)
                                : peers.request(HttpMethod.POST, region, MIGRATION, REPORTS),
                        acks.toBuffer())
                .replaceWithVoid();
    }

    private Uni<Answer> post(RequestOptions options, Buffer body) {
        return peers.ask(options.setTimeout(TIMEOUT_MILLIS).putHeader("Content-Type", "application/json"), body)
                .invoke(PeerClient::accepted);
    }

    private static void go(Uni<Void> post, String what) {
        post.subscribe().with(ok -> {}, failure -> LOG.infof("%s goes the long way reason=%s", what, failure));
    }
}
