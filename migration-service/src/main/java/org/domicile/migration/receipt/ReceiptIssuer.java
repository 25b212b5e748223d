package org.domicile.migration.receipt;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.domicile.migration.ack.Acks;
import org.domicile.migration.move.Move;
import org.domicile.migration.move.MoveEvidence;
import org.domicile.migration.move.MoveMetrics;
import org.domicile.migration.move.MoveRules;
import org.domicile.migration.move.MoveState;
import org.domicile.migration.move.MoveStep;
import org.domicile.migration.move.MoveStore;
import org.domicile.migration.move.Step;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.verify.Verification;

/** Issues a receipt when the target owns the account, and another when the region that was left is empty. */
@ApplicationScoped
public class ReceiptIssuer {
    private final MoveRules rules;
    private final MoveStore moves;
    private final ReceiptStore store;
    private final ReceiptSigner signer;
    private final MoveMetrics metrics;

    @Inject
    public ReceiptIssuer(
            MoveRules rules, MoveStore moves, ReceiptStore store, ReceiptSigner signer, MoveMetrics metrics) {
        this.rules = rules;
        this.moves = moves;
        this.store = store;
        this.signer = signer;
        this.metrics = metrics;
    }

    /** Issues what the step is a reason for, in the step's own transaction. */
    public Uni<Void> after(SqlConnection connection, Move before, Step step, Acks acks) {
        var move = step.move();
        var evidence = new MoveEvidence(move, acks);
        if (before.state() == MoveState.CUT_OVER && move.state() == MoveState.SOAK) {
            evidence.writePause(rules.participants()).ifPresent(metrics::writePause);
            return moves.steps(connection, move.account(), move.id())
                    .flatMap(steps -> issue(connection, move, Receipt.MOVE, moved(evidence, steps)));
        }
        if (move.settled() && move.endEpoch() > 0 && !(move.rollsBack() && move.homeEpoch() == 0)) {
            return issue(connection, move, Receipt.PURGE, purged(evidence));
        }
        return Uni.createFrom().voidItem();
    }

    private Uni<Void> issue(SqlConnection connection, Move move, String kind, JsonObject body) {
        var statement = new JsonObject()
                .put("moveId", move.id().toString())
                .put("from", move.source())
                .put("to", move.target())
                .mergeIn(body);
        return store.add(connection, signer.ofMove(move.account(), move.id(), kind, statement));
    }

    private JsonObject moved(MoveEvidence evidence, List<MoveStep> steps) {
        var move = evidence.move();
        var classes = new JsonObject();
        evidence.digests(rules.participants())
                .forEach((name, digest) -> classes.put(
                        name, new JsonObject().put("count", digest.count()).put("digest", digest.digest())));
        var times = new JsonObject();
        steps.forEach(step -> times.put(step.state().name(), step.at().toString()));
        var pauses = new JsonObject();
        evidence.writePauses(rules.participants())
                .forEach((service, pause) -> pauses.put(service, pause.toNanos() / 1_000));
        return new JsonObject()
                .put(
                        "epochs",
                        new JsonObject()
                                .put("shadow", move.shadowEpoch())
                                .put("fence", move.fenceEpoch())
                                .put("home", move.homeEpoch()))
                .put("classes", classes)
                .put("verified", verified(evidence::verified))
                .put("times", times)
                .put("writePauseMicros", pauses);
    }

    private JsonObject purged(MoveEvidence evidence) {
        var services = new JsonObject();
        for (var service : rules.participants()) {
            evidence.purged(service)
                    .ifPresent(ack -> services.put(
                            service,
                            new JsonObject()
                                    .put("rows", ack.left().rows())
                                    .put("objects", ack.left().objects())
                                    .put("at", ack.at().toString())
                                    .mergeIn(evidence(ack.left()))));
        }
        return new JsonObject()
                .put("region", evidence.purgedRegion())
                .put("outcome", evidence.move().state().name())
                .put("epochs", new JsonObject().put("purge", evidence.move().endEpoch()))
                .put("checked", verified(evidence::checked))
                .put("left", services);
    }

    /** Service → class → what came out when both sides were enumerated, in numbers. */
    private JsonObject verified(Function<String, Optional<Verification>> of) {
        var services = new JsonObject();
        for (var service : rules.participants()) {
            of.apply(service).ifPresent(found -> services.put(service, numbers(found)));
        }
        return services;
    }

    private static JsonObject numbers(Verification found) {
        var classes = new JsonObject();
        found.classes()
                .forEach((name, compared) -> classes.put(
                        name,
                        new JsonObject()
                                .put("equal", compared.records())
                                .put("newer", compared.newer())
                                .put("gone", compared.gone())
                                .put("differing", compared.differing())));
        return new JsonObject()
                .put("at", found.at().toString())
                .put("upTo", found.upTo())
                .put("classes", classes);
    }

    /**
     * What was looked at by code that the mover does not use, and when the last records on compacted topics, and the last backups of
     * the account's key, will be gone.
     */
    private static JsonObject evidence(FenceAck.Left left) {
        if (left.evidence() == null) {
            return new JsonObject();
        }
        var found = new JsonObject();
        left.evidence().found().forEach(found::put);
        var compacted = new JsonObject();
        left.evidence().compactedBy().forEach((topic, at) -> compacted.put(topic, at.toString()));
        var looked = new JsonObject()
                .put("tables", left.evidence().tables())
                .put(
                        "places",
                        new JsonArray(
                                left.evidence().places() == null
                                        ? List.of()
                                        : left.evidence().places()))
                .put("found", found)
                .put("compactedBy", compacted);
        return left.evidence().keysUntil() == null
                ? looked
                : looked.put("keysUntil", left.evidence().keysUntil().toString());
    }
}
