package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.Topics;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.fence.FenceAck.Left;
import org.domicile.platform.fence.FenceAck.Progress;
import org.domicile.platform.fence.FenceRow;
import org.domicile.platform.fence.Manifest;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;
import org.domicile.platform.region.ServiceIdentity;
import org.domicile.platform.sql.Pipeline;
import org.domicile.platform.verify.Verification;

/** What this participant tells its migration-service, in the transaction that makes it true; kept, to be said again. */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class Acks {
    private final Outbox outbox;
    private final TransferStore transfers;
    private final ServiceIdentity identity;

    @Inject
    Acks(Outbox outbox, TransferStore transfers, ServiceIdentity identity) {
        this.outbox = outbox;
        this.transfers = transfers;
        this.identity = identity;
    }

    Uni<Void> reached(SqlConnection connection, AccountId account, FenceRow row) {
        return say(connection, account, row, true, null, null, null, null, null);
    }

    /**
     * At the source; nothing is left to do.
     *
     * @param awaitsClose whether the shadow is not told of the manifest by this participant
     * @return what was said
     */
    Uni<JsonObject> sealed(
            SqlConnection connection, AccountId account, FenceRow row, Manifest manifest, boolean awaitsClose) {
        return last(
                connection,
                account,
                ack(account, row, true, manifest, null, null, null, null, awaitsClose ? true : null));
    }

    /**
     * At the target; nothing is left to do.
     *
     * @param differing what the verifier found, as the digests are not what was sealed; null if they are
     * @return what was said
     */
    Uni<JsonObject> closed(
            SqlConnection connection,
            AccountId account,
            FenceRow row,
            Manifest manifest,
            Progress progress,
            Verification differing) {
        return last(connection, account, ack(account, row, true, manifest, progress, null, null, differing, null));
    }

    /** The last word of a mode under the fence. */
    private Uni<JsonObject> last(SqlConnection connection, AccountId account, JsonObject ack) {
        return Pipeline.inOrder(transfers.sealed(connection, account, ack), publish(connection, account, ack))
                .replaceWith(ack);
    }

    Uni<Void> copying(SqlConnection connection, AccountId account, FenceRow row, Progress progress, boolean caughtUp) {
        return say(connection, account, row, caughtUp, null, progress, null, null, null);
    }

    /** Caught up and verified, or not to be mended. */
    Uni<Void> verified(
            SqlConnection connection, AccountId account, FenceRow row, Progress progress, Verification found) {
        return say(connection, account, row, found.count() == 0, null, progress, null, null, found);
    }

    /** A copy that was kept, compared with the home. */
    Uni<Void> checked(SqlConnection connection, AccountId account, FenceRow row, Verification found) {
        return say(connection, account, row, true, null, null, null, null, found);
    }

    Uni<Void> purged(SqlConnection connection, AccountId account, FenceRow row, Left left) {
        var empty = left.rows() == 0 && left.objects() == 0;
        return say(
                connection,
                account,
                row,
                empty,
                null,
                null,
                left,
                empty ? null : "The purge found something left.",
                null);
    }

    /** Tells of work that cannot go on by itself; it is tried again all the same. */
    Uni<Void> trouble(SqlConnection connection, AccountId account, FenceRow row, String sentence) {
        return say(connection, account, row, false, null, null, null, sentence, null);
    }

    /** Says again what was said last. */
    Uni<Void> repeat(SqlConnection connection, AccountId account) {
        return transfers
                .read(connection, account)
                .flatMap(t -> t.ack() == null ? Uni.createFrom().voidItem() : publish(connection, account, t.ack()));
    }

    private Uni<Void> say(
            SqlConnection connection,
            AccountId account,
            FenceRow row,
            boolean done,
            Manifest manifest,
            Progress progress,
            Left left,
            String trouble,
            Verification verification) {
        var ack = ack(account, row, done, manifest, progress, left, trouble, verification, null);
        return Pipeline.inOrder(transfers.acknowledged(connection, account, ack), publish(connection, account, ack));
    }

    private JsonObject ack(
            AccountId account,
            FenceRow row,
            boolean done,
            Manifest manifest,
            Progress progress,
            Left left,
            String trouble,
            Verification verification,
            Boolean awaitsClose) {
        return JsonObject.mapFrom(new FenceAck(
                account,
                identity.service(),
                identity.region(),
                row.epoch(),
                row.mode(),
                done,
                row.at(),
                manifest,
                progress,
                left,
                trouble,
                verification,
                awaitsClose));
    }

    private Uni<Void> publish(SqlConnection connection, AccountId account, JsonObject ack) {
        return outbox.add(connection, new OutboxEvent(Topics.RESIDENCY_ACKS, account, Topics.ACK_V1, ack));
    }
}
