package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Set;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.fence.FenceRow;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.law.MoveLaws;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.region.Regions;
import org.domicile.platform.region.ServiceIdentity;

/** Decides what a caller on the peer listener may read: what a command that this region's own migration-service signed for it opens. */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class TransferGrants {
    private final FenceStore fences;
    private final TransferStore transfers;
    private final MoveLaws laws;
    private final Regions regions;
    private final ServiceIdentity identity;

    @Inject
    TransferGrants(
            FenceStore fences, TransferStore transfers, MoveLaws laws, Regions regions, ServiceIdentity identity) {
        this.fences = fences;
        this.transfers = transfers;
        this.laws = laws;
        this.regions = regions;
        this.identity = identity;
    }

    /** A move that the caller may read for: its command, the row, and the key of its digests. */
    record Open(FenceCommand command, FenceRow row, byte[] macKey) {
        AccountId account() {
            return command.accountId();
        }
    }

    /** @throws ProblemException FORBIDDEN unless the caller presents a command for itself, of one of these operations */
    FenceCommand granted(RoutingContext context, Set<FenceOperation> opening) {
        var caller = PeerIdentity.of(context);
        var grant = context.request().getHeader(TransferEndpoint.GRANT);
        if (grant == null) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Present the signed command of the move.");
        }
        var command = CommandConsumer.verified(regions, grant);
        if (!opening.contains(command.operation())
                || !regions.isSelf(command.issuer())
                || !command.region().equals(caller.region())
                || !command.service().equals(caller.service())
                || !command.service().equals(identity.service())
                || !command.accountId().toString().equals(context.pathParam("account"))) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "The command does not open this account to this caller.");
        }
        return command;
    }

    /** While the account lives here and the move has not been overtaken, or is frozen for this very move. */
    Uni<Open> open(SqlConnection connection, FenceCommand command) {
        return fences.read(connection, command.accountId()).flatMap(row -> switch (row.mode()) {
            case OWN ->
                command.epoch() > row.epoch()
                        ? transfers
                                .read(connection, command.accountId())
                                .flatMap(known -> open(connection, command, row, known))
                        : over();
            case FROZEN ->
                transfers
                        .read(connection, command.accountId())
                        .flatMap(t -> t.shadowEpoch() == command.epoch() && t.macKey() != null
                                ? Uni.createFrom().item(new Open(command, row, t.macKey()))
                                : over());
            case NONE, SHADOW, CLOSED -> over();
        });
    }

    /** The first time makes the key, and is when the account begins to be at two places. */
    private Uni<Open> open(SqlConnection connection, FenceCommand command, FenceRow row, Transfer known) {
        return known.shadowEpoch() == command.epoch() && known.macKey() != null
                ? Uni.createFrom().item(new Open(command, row, known.macKey()))
                : laws.opened(connection, command)
                        .chain(() -> transfers.macKey(connection, command.accountId(), command.epoch(), known))
                        .map(key -> new Open(command, row, key));
    }

    private static Uni<Open> over() {
        return Uni.createFrom().failure(new ProblemException(ErrorCode.CONFLICT, "This move is over."));
    }
}
