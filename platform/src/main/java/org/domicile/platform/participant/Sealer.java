package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.CompositeException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceRow;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.fence.Manifest;
import org.domicile.platform.participant.Transfer.Brace;
import org.domicile.platform.participant.Transfer.Task;
import org.jboss.logging.Logger;

/**
 * The source of a freeze: what is slow is done before it (brace), the manifest is made in the transaction that freezes, and goes
 * straight to the shadow.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class Sealer {
    private static final Logger LOG = Logger.getLogger(Sealer.class);

    private final Pool pool;
    private final FenceStore fences;
    private final TransferStore transfers;
    private final MacLedger macs;
    private final Acks acks;
    private final TaskRunner runner;
    private final Express express;

    @Inject
    Sealer(
            Pool pool,
            FenceStore fences,
            TransferStore transfers,
            MacLedger macs,
            Acks acks,
            TaskRunner runner,
            Express express) {
        this.pool = pool;
        this.fences = fences;
        this.transfers = transfers;
        this.macs = macs;
        this.acks = acks;
        this.runner = runner;
        this.express = express;
    }

    /**
     * What was said when the account was frozen, manifest included.
     *
     * @param changes class → what its shadow lacks, where that is known and not much
     */
    record Sealed(JsonObject ack, Manifest manifest, Map<String, Changes> changes) {}

    /**
     * Before a freeze: what is kept outside the database changes no more from here on and is digested, as is most of what the
     * database has; the shadow does its part, and the connections are opened. Every abort activates the source at a higher
     * epoch, which takes it back. Fails if the account is busy or past this epoch: then the fence does the work.
     */
    Uni<Void> brace(FenceCommand freeze, String jws) {
        var here = runner.idle(freeze.accountId(), () -> braceHere(freeze));
        return Uni.combine()
                .all()
                .unis(here, ifReached(express.brace(freeze, jws)), express.greet(freeze.issuer()))
                .collectFailures()
                .with((braced, shadow, greeted) -> Optional.ofNullable(shadow))
                .onFailure(CompositeException.class)
                .transform(f -> f.getCause())
                .flatMap(shadow -> shadow.isPresent()
                        ? transfers.bracedThere(freeze.accountId(), freeze.epoch(), shadow.get())
                        : Uni.createFrom().voidItem());
    }

    private static Uni<JsonObject> ifReached(Uni<JsonObject> call) {
        return call.onFailure()
                .invoke(f -> LOG.infof("not braced there reason=%s", f))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Void> braceHere(FenceCommand freeze) {
        var account = freeze.accountId();
        return pool.withTransaction(
                c -> transfers.macKey(c, account, freeze.shadowEpoch()).flatMap(key -> own(c, freeze)
                        .flatMap(row -> macs.sealElsewhere(c, account, key, freeze.epoch())
                                .flatMap(v -> macs.brace(c, account, key))
                                .map(braced -> new Brace(
                                        freeze.epoch(), braced.level() ? row.version() : -1, braced.digests())))
                        .flatMap(brace -> own(c, freeze).flatMap(row -> transfers.braced(c, account, brace)))));
    }

    private Uni<FenceRow> own(SqlConnection c, FenceCommand freeze) {
        return fences.read(c, freeze.accountId()).invoke(row -> {
            if (row.mode() != FenceMode.OWN || row.epoch() >= freeze.epoch()) {
                throw new ProblemException(ErrorCode.CONFLICT, "There is nothing to freeze at this epoch.");
            }
        });
    }

    /**
     * In the transaction that froze the row.
     *
     * @return what was said; null if the manifest has to wait for what is kept outside the database, or by another system
     */
    Uni<Sealed> seal(SqlConnection c, FenceCommand freeze, FenceRow frozen) {
        var account = freeze.accountId();
        return transfers.readLocked(c, account).flatMap(known -> transfers
                .macKey(c, account, freeze.shadowEpoch(), known)
                .flatMap(key -> {
                    var braced = known.brace().epoch() == freeze.epoch();
                    return macs.sealsAtOnce(braced)
                            ? seal(c, account, frozen, key, braced ? known.brace() : Brace.NONE)
                                    .onFailure(MoveBlocked.class)
                                    .recoverWithUni(blocked -> later(c, account))
                            : later(c, account);
                }));
    }

    /** What is in the way, if anything, is told by the task. */
    private Uni<Sealed> later(SqlConnection c, AccountId account) {
        return transfers.task(c, account, Task.SEAL).replaceWith((Sealed) null);
    }

    private Uni<Sealed> seal(SqlConnection c, AccountId account, FenceRow frozen, byte[] key, Brace brace) {
        return macs.manifest(c, account, key, frozen.version(), brace)
                .flatMap(manifest -> acks.sealed(c, account, frozen, manifest, false)
                        .flatMap(ack -> macs.since(c, account, brace.shadow(), manifest.classes())
                                .map(changes -> new Sealed(ack, manifest, changes))));
    }

    /** Once it is committed. */
    void tell(FenceCommand freeze, String jws, Sealed sealed) {
        express.sealed(freeze, jws, sealed.manifest(), sealed.changes());
        express.report(freeze.issuer(), sealed.ack());
    }
}
