package org.domicile.migration.transparency;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Arrays;
import org.domicile.migration.transparency.Witness.Verdict;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.tlog.SignedNote;
import org.domicile.tlog.TreeHash;

/** {@code POST /peer/v1/log/add-checkpoint}, as C2SP tlog-witness defines it, for other regions' migration-services. */
@ApplicationScoped
class WitnessRoutes {
    static final String PATH = "/peer/v1/log/add-checkpoint";
    static final int OK = 200;
    static final int CONFLICT = 409;

    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int UNPROCESSABLE = 422;
    private static final long MAX_BODY_BYTES = 64 << 10;
    private static final int MAX_PROOF_LINES = 63;

    private final Witness witness;

    @Inject
    WitnessRoutes(Witness witness) {
        this.witness = witness;
    }

    void mount(@Observes StartupEvent event, PeerServer server) {
        server.router()
                .post(PATH)
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(this::handle);
    }

    private void handle(RoutingContext context) {
        Uni.createFrom()
                .deferred(() -> {
                    if (!PeerIdentity.of(context).service().equals("migration")) {
                        throw new ProblemException(ErrorCode.FORBIDDEN, "Only a migration-service may call this.");
                    }
                    return add(context.body().asString());
                })
                .onFailure(IllegalArgumentException.class)
                .transform(f -> new ProblemException(ErrorCode.INVALID_REQUEST, String.valueOf(f.getMessage())))
                .subscribe()
                .with(verdict -> answer(context, verdict), failure -> Problems.write(context, failure));
    }

    private Uni<Verdict> add(String body) {
        var split = body.indexOf("\n\n");
        var lines = body.substring(0, Math.max(split, 0)).split("\n", -1);
        if (!lines[0].matches("old (0|[1-9][0-9]{0,17})") || lines.length > MAX_PROOF_LINES + 1) {
            throw new IllegalArgumentException("expected \"old\" with a size, a consistency proof and a checkpoint");
        }
        var proof = Arrays.stream(lines).skip(1).map(TreeHash::parse).toList();
        return witness.add(
                Long.parseLong(lines[0].substring("old ".length())),
                proof,
                SignedNote.parse(body.substring(split + 2)));
    }

    private static void answer(RoutingContext context, Verdict verdict) {
        var response = context.response();
        switch (verdict) {
            case Verdict.Cosigned cosigned ->
                response.setStatusCode(OK).end(cosigned.signature().toString());
            case Verdict.Conflict conflict ->
                response.setStatusCode(CONFLICT)
                        .putHeader("Content-Type", "text/x.tlog.size")
                        .end(conflict.size() + "\n");
            case Verdict.UnknownLog unknown -> response.setStatusCode(NOT_FOUND).end();
            case Verdict.NotItsSignature forged ->
                response.setStatusCode(FORBIDDEN).end();
            case Verdict.NoContinuation broken ->
                response.setStatusCode(UNPROCESSABLE).end();
        }
    }
}
